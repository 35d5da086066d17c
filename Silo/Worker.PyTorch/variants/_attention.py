"""What attentions share: projections, heads, the plain formula."""
from __future__ import annotations

from catalogue import Axis, Constraint, Tensor
from variants import _mix

HEADS = Axis("heads", "integer", "attention heads", default="max(1, d_model//64)", minimum=1)
AXES = _mix.AXES + (HEADS, _mix.CAUSAL)
CONSTRAINTS = (Constraint("d_model % heads == 0", "every head takes the same number of features"),)
PARAMETERS = "4*d_model**2"
# Projections, scores and weighted sum, and about 5 operations for each score: scale, maximum, exp, sum, quotient.
FLOPS = "batch*(8*seq_len*d_model**2 + 4*seq_len**2*d_model + 5*heads*seq_len**2)"
TOKEN_BYTES = "10*batch*seq_len*d_model + 4*d_model**2"
CITATION = "Vaswani et al. 2017, Attention Is All You Need, section 3.2, arXiv:1706.03762"
EQUATION = (
    "y = [A_1 V_1 .. A_H V_H] Wo, A_i = softmax(Q_i K_i^T / sqrt(d_model/H)), [Q_1 .. Q_H] = x Wq, K and V likewise; "
    "causal: the softmax of row t is over s <= t"
)


def tensors(p: dict) -> tuple[Tensor, ...]:
    d = p["d_model"]
    return tuple(_mix.matrix(name, d, d) for name in ("wq", "wk", "wv", "wo"))


def split(t, heads: int):
    """[batch, seq_len, d_model] to [batch, heads, seq_len, d_model/heads]."""
    return t.unflatten(-1, (heads, -1)).transpose(1, 2)


def joined(t):
    """And back."""
    return t.transpose(1, 2).flatten(2)


def reference(p: dict, w: dict, x, kink):
    q, k, v = (split(x.matmul(w[n]), p["heads"]) for n in ("wq", "wk", "wv"))
    scores = q.matmul(k.transpose(-1, -2)) / (p["d_model"] / p["heads"]) ** 0.5
    if p["causal"]:
        scores = scores.masked_fill(_mix.later(p["seq_len"], x.device), float("-inf"))
    weights = (scores - scores.amax(-1, keepdim=True)).exp()
    return joined((weights / weights.sum(-1, keepdim=True)).matmul(v)).matmul(w["wo"])


def widest(p: dict) -> int:
    """Elements of the scores of one sequence."""
    return p["heads"] * p["seq_len"] ** 2
