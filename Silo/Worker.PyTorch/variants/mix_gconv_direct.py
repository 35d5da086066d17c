"""Global depthwise convolution, the sum computed as it stands by the framework's convolution."""
from __future__ import annotations

from catalogue import Variant
from variants import _convolution, _layouts

VARIANT = Variant(
    name="mix.gconv_direct",
    summary="global depthwise convolution, circular or causal, by the framework's convolution; O(L^2 d)",
    equation=_convolution.EQUATION,
    citation=_convolution.CITATION,
    axes=_convolution.AXES,
    constraints=(),
    parameters=_convolution.PARAMETERS,
    forward_flops=_convolution.DIRECT_FLOPS,
    forward_bytes=_convolution.BYTES,
    equal_to=("mix.gconv_circulant", "mix.gconv_fft"),
)

tensors = _convolution.tensors
native = _layouts.depthwise_native
logical = _layouts.depthwise_logical
reference = _convolution.reference


def build(p: dict, w: dict, timed: bool):
    convolve, k = _convolution.direct(p["causal"]), w["k"]

    def forward(x):  # [batch, seq_len, d_model]
        return convolve(k, x)

    return forward
