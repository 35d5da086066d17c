"""Global depthwise convolution by the real Fourier transform."""
from __future__ import annotations

from catalogue import Variant
from variants import _convolution, _spectral

VARIANT = Variant(
    name="mix.gconv_fft",
    summary="the same by three real Fourier transforms (causal: of twice the length); O(L d log L)",
    equation="y = irfft(rfft(x) * conj(rfft(k))); causal: rfft(x) * rfft(k), both with zeros appended to 2 seq_len",
    citation=_convolution.CITATION,
    axes=_convolution.AXES,
    constraints=(),
    parameters=_convolution.PARAMETERS,
    forward_flops=_convolution.FFT_FLOPS,
    # Spectra have as many numbers as what they are of, twice that where zeros are appended; each written and read.
    forward_bytes=f"{_convolution.BYTES} + (causal ? 8 : 4)*(4*batch*seq_len*d_model + 2*seq_len*d_model)",
    equal_to=("mix.gconv_circulant", "mix.gconv_direct"),
)

tensors = _convolution.tensors
reference = _convolution.reference


def build(p: dict, w: dict, timed: bool):
    k, causal = w["k"], p["causal"]
    _spectral.need(k)

    def forward(x):  # [batch, seq_len, d_model]
        return _spectral.convolve(k, x, causal).contiguous()

    return forward
