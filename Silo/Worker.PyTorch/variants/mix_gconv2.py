"""Two global depthwise convolutions with a nonlinearity between them."""
from __future__ import annotations

from catalogue import Axis, Variant
from variants import _convolution, _layouts, _mix, _nonlinear, _spectral

VARIANT = Variant(
    name="mix.gconv2",
    summary="two global depthwise convolutions with a nonlinearity between them: tokens interact pairwise",
    equation="y = gconv(k2, f(gconv(k1, x))), gconv as in mix.gconv_direct, f = max(0, .), GELU (erf) or the identity",
    citation=_convolution.CITATION,
    axes=_convolution.AXES
    + (
        Axis("activation", "text", "the nonlinearity f", default="relu", values=("relu", "gelu", "none")),
        Axis("method", "text", "how a convolution is computed", default="fft", values=("direct", "fft")),
    ),
    constraints=(),
    parameters="2*seq_len*d_model",
    forward_flops=f"(method == 'direct' ? 2*{_convolution.DIRECT_FLOPS} : 2*{_convolution.FFT_FLOPS})"
    " + batch*seq_len*d_model",
    forward_bytes="4*(4*batch*seq_len*d_model + 2*seq_len*d_model)",
)
MIXES = True


def tensors(p: dict):
    return _mix.kernel(p, "k1"), _mix.kernel(p, "k2")


def native(name: str, tensor, p: dict):
    return _layouts.depthwise_native(name, tensor, p) if p["method"] == "direct" else tensor


def logical(name: str, tensor, p: dict):
    return _layouts.depthwise_logical(name, tensor, p)


def build(p: dict, w: dict, timed: bool):
    k1, k2, f = w["k1"], w["k2"], _nonlinear.function(p["activation"])
    causal = p["causal"]
    if p["method"] == "direct":
        convolve = _convolution.direct(causal)
    else:
        _spectral.need(k1)

        def convolve(k, x):
            return _spectral.convolve(k, x, causal)

    def forward(x):  # [batch, seq_len, d_model]
        return convolve(k2, f(convolve(k1, x))).contiguous()

    return forward


def reference(p: dict, w: dict, x, kink):
    hidden = _nonlinear.plain(p["activation"], _convolution.plain(w["k1"], x, p["causal"]), kink)
    return _convolution.plain(w["k2"], hidden, p["causal"])
