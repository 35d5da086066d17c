"""Feed-forward networks with another activation than ReLU, plain and gated."""
from __future__ import annotations

from catalogue import Axis, Tensor, Variant
from variants import _ffn

GATED_AXES = _ffn.AXES[:3] + (Axis("d_ff", "integer", "hidden units", default="8*d_model//3", minimum=1),)
GLU = "Shazeer 2020, GLU Variants Improve Transformer, arXiv:2002.05202"


def plain(name: str, activation: str, citation: str) -> Variant:
    """max(0, .) replaced; `activation` says by what, as a formula in z."""
    return Variant(
        name=name,
        summary=f"feed-forward network with f(z) = {activation} for its nonlinearity",
        equation=f"y = f(x W1 + b1) W2 + b2, f(z) = {activation}",
        citation=citation,
        axes=_ffn.AXES,
        constraints=(),
        parameters=_ffn.PARAMETERS,
        forward_flops=_ffn.FLOPS,
        forward_bytes=_ffn.BYTES,
    )


def build_plain(p: dict, w: dict, activate):
    from torch.nn.functional import linear

    w1, b1, w2, b2 = w["w1"], w["b1"], w["w2"], w["b2"]
    d = p["d_model"]

    def forward(x):  # [batch, seq_len, d_model]
        return linear(activate(linear(x.view(-1, d), w1, b1)), w2, b2).view(x.shape)

    return forward


def reference_plain(w: dict, x, activate):
    return activate(x.matmul(w["w1"]) + w["b1"]).matmul(w["w2"]) + w["b2"]


def gated(name: str, activation: str, citation: str = GLU) -> Variant:
    """One product times the activation of another; d_ff is by default two thirds of the usual, for equal parameters."""
    return Variant(
        name=name,
        summary=f"gated feed-forward network with f(z) = {activation} for its gate",
        equation=f"y = (f(x Wg + bg) * (x W1 + b1)) W2 + b2, f(z) = {activation}",
        citation=citation,
        axes=GATED_AXES,
        constraints=(),
        parameters="3*d_model*d_ff + 2*d_ff + d_model",
        forward_flops="6*batch*seq_len*d_model*d_ff",
        forward_bytes="4*(2*batch*seq_len*d_model + 3*batch*seq_len*d_ff + 3*d_model*d_ff)",
    )


def tensors_gated(p: dict) -> tuple[Tensor, ...]:
    d, h = p["d_model"], p["d_ff"]
    return (*_ffn.tensors(p), Tensor("wg", (d, h), "matrix", fan_in=d), Tensor("bg", (h,), "bias"))


def build_gated(p: dict, w: dict, activate):
    from torch.nn.functional import linear

    w1, b1, wg, bg, w2, b2 = (w[n] for n in ("w1", "b1", "wg", "bg", "w2", "b2"))
    d = p["d_model"]

    def forward(x):  # [batch, seq_len, d_model]
        tokens = x.view(-1, d)
        return linear(activate(linear(tokens, wg, bg)) * linear(tokens, w1, b1), w2, b2).view(x.shape)

    return forward


def reference_gated(w: dict, x, activate):
    gate = activate(x.matmul(w["wg"]) + w["bg"])
    return (gate * (x.matmul(w["w1"]) + w["b1"])).matmul(w["w2"]) + w["b2"]
