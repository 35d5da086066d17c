"""Dense Synthesizer: each time step makes its row of attention weights from itself alone."""
from __future__ import annotations

from catalogue import Tensor, Variant
from variants import _layouts, _mix

VARIANT = Variant(
    name="mix.synthesizer",
    summary="Dense Synthesizer, one head: attention weights made from each time step alone, no queries and keys",
    equation="y = softmax(max(0, x A1 + c1) A2 + c2) (x Wv), A2 [d_model, seq_len]; causal: the softmax of row t is over "
    "s <= t",
    citation="Tay et al. 2020, Synthesizer, section 3.1, arXiv:2005.00743",
    axes=_mix.AXES + (_mix.CAUSAL,),
    constraints=(),
    parameters="2*d_model**2 + d_model + d_model*seq_len + seq_len",
    forward_flops="batch*(4*seq_len*d_model**2 + 4*seq_len**2*d_model + 5*seq_len**2)",
    forward_bytes="4*(7*batch*seq_len*d_model + 4*batch*seq_len**2 + 2*d_model**2 + d_model*seq_len)",
)
MIXES = True


def tensors(p: dict) -> tuple[Tensor, ...]:
    d, size = p["d_model"], p["seq_len"]
    return (
        _mix.matrix("a1", d, d),
        Tensor("c1", (d,), "bias"),
        _mix.matrix("a2", d, size),
        Tensor("c2", (size,), "bias"),
        _mix.matrix("wv", d, d),
    )


native = _layouts.linear_native
logical = _layouts.linear_logical


def build(p: dict, w: dict, timed: bool):
    from torch import matmul
    from torch.nn.functional import linear, relu

    a1, c1, a2, c2, wv = (w[n] for n in ("a1", "c1", "a2", "c2", "wv"))
    later = _mix.later(p["seq_len"], wv.device) if p["causal"] else None

    def forward(x):  # [batch, seq_len, d_model]
        scores = linear(relu(linear(x, a1, c1)), a2, c2)
        if later is not None:
            scores = scores.masked_fill(later, float("-inf"))
        return matmul(scores.softmax(-1), linear(x, wv))

    return forward


def reference(p: dict, w: dict, x, kink):
    scores = kink(x.matmul(w["a1"]) + w["c1"]).clamp(min=0).matmul(w["a2"]) + w["c2"]
    if p["causal"]:
        scores = scores.masked_fill(_mix.later(p["seq_len"], x.device), float("-inf"))
    weights = (scores - scores.amax(-1, keepdim=True)).exp()
    return (weights / weights.sum(-1, keepdim=True)).matmul(x.matmul(w["wv"]))
