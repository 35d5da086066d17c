"""What the FFN family shares: its axes, tensors and costs. N = batch*seq_len tokens, d = d_model, h = d_ff."""
from __future__ import annotations

from catalogue import Axis, Tensor, Variant

AXES = (
    Axis("batch", "integer", "sequences in a batch", minimum=1),
    Axis("seq_len", "integer", "time steps of a sequence", minimum=1),
    Axis("d_model", "integer", "features of a time step", minimum=1),
    Axis("d_ff", "integer", "hidden units", default="4*d_model", minimum=1),
)
PARAMETERS = "2*d_model*d_ff + d_ff + d_model"
FLOPS = "4*batch*seq_len*d_model*d_ff"
BYTES = "4*(2*batch*seq_len*d_model + 2*batch*seq_len*d_ff + 2*d_model*d_ff)"
CITATION = "Vaswani et al. 2017, Attention Is All You Need, section 3.3, arXiv:1706.03762"
EXACT = (
    "ffn.batched",
    "ffn.conv1d",
    "ffn.conv1d_ncl",
    "ffn.conv2d",
    "ffn.dense",
    "ffn.einsum",
    "ffn.fused",
    "ffn.timedist",
)


def exact(name: str, summary: str, equation: str, citation: str = CITATION) -> Variant:
    """One of the forms of max(0, x W1 + b1) W2 + b2 that give the same output from the same weights."""
    return Variant(
        name=name,
        summary=summary,
        equation=equation,
        citation=citation,
        axes=AXES,
        constraints=(),
        parameters=PARAMETERS,
        forward_flops=FLOPS,
        forward_bytes=BYTES,
        equal_to=tuple(n for n in EXACT if n != name),
    )


def tensors(p: dict, suffix: str = "") -> tuple[Tensor, ...]:
    d, h = p["d_model"], p["d_ff"]
    return (
        Tensor("w1" + suffix, (d, h), "matrix", fan_in=d),
        Tensor("b1" + suffix, (h,), "bias"),
        Tensor("w2" + suffix, (h, d), "matrix", fan_in=h),
        Tensor("b2" + suffix, (d,), "bias"),
    )


def plain(w: dict, x, kink, suffix: str = ""):
    """max(0, x W1 + b1) W2 + b2 in the plainest words, for references."""
    z = kink(x.matmul(w["w1" + suffix]) + w["b1" + suffix])
    return z.clamp(min=0).matmul(w["w2" + suffix]) + w["b2" + suffix]


def reference(p: dict, w: dict, x, kink):
    """Of every exact form of the network."""
    return plain(w, x, kink)
