"""Multi-head self-attention as the original Transformer writes it, scores and weights in memory."""
from __future__ import annotations

from catalogue import Variant
from variants import _attention, _layouts, _mix

VARIANT = Variant(
    name="mix.attention",
    summary="multi-head self-attention step by step: projections, scores, softmax, weighted sum, projection",
    equation=_attention.EQUATION,
    citation=_attention.CITATION,
    axes=_attention.AXES,
    constraints=_attention.CONSTRAINTS,
    parameters=_attention.PARAMETERS,
    forward_flops=_attention.FLOPS,
    forward_bytes=f"4*({_attention.TOKEN_BYTES} + 4*batch*heads*seq_len**2)",
    equal_to=("mix.sdpa",),
)

tensors = _attention.tensors
native = _layouts.linear_native
logical = _layouts.linear_logical
reference = _attention.reference
widest = _attention.widest


def build(p: dict, w: dict, timed: bool):
    from torch import matmul
    from torch.nn.functional import linear

    wq, wk, wv, wo = (w[n] for n in ("wq", "wk", "wv", "wo"))
    heads, scale = p["heads"], (p["d_model"] // p["heads"]) ** -0.5
    hidden = _mix.later(p["seq_len"], wq.device) if p["causal"] else None

    def forward(x):  # [batch, seq_len, d_model]
        q, k, v = (_attention.split(linear(x, m), heads) for m in (wq, wk, wv))
        scores = matmul(q * scale, k.transpose(-1, -2))
        if hidden is not None:
            scores = scores.masked_fill(hidden, float("-inf"))
        return linear(_attention.joined(matmul(scores.softmax(-1), v)), wo)

    return forward
