"""Linear attention: a feature map in place of the softmax, so that keys and values can be summed first."""
from __future__ import annotations

from catalogue import Axis, Variant
from variants import _attention, _layouts, _mix

VARIANT = Variant(
    name="mix.linear_attention",
    summary="attention with the feature map elu + 1; linear in seq_len, or quadratic by the same formula",
    equation="y_t = (f(q_t) sum_s f(k_s)^T v_s) / (f(q_t) . sum_s f(k_s)) for each head, f = elu + 1, then Wo; "
    "causal: s <= t",
    citation="Katharopoulos et al. 2020, Transformers are RNNs, equations 5, 7 and 9, arXiv:2006.16236",
    axes=_attention.AXES
    + (
        Axis(
            "form",
            "text",
            "linear: sums over keys first (causal: running sums over time steps); quadratic: all scores",
            default="linear",
            values=("linear", "quadratic"),
        ),
    ),
    constraints=_attention.CONSTRAINTS,
    parameters=_attention.PARAMETERS,
    forward_flops="batch*seq_len*(8*d_model**2 + 4*(form == 'linear' ? d_model/heads : seq_len)*d_model)",
    forward_bytes=f"4*({_attention.TOKEN_BYTES} + (form == 'quadratic' ? 2*batch*heads*seq_len**2 : "
    "(causal ? 2*batch*seq_len : 2*batch)*d_model**2/heads))",
)

tensors = _attention.tensors
native = _layouts.linear_native
logical = _layouts.linear_logical
widest = _attention.widest


def build(p: dict, w: dict, timed: bool):
    from torch import einsum, matmul
    from torch.nn.functional import elu, linear

    wq, wk, wv, wo = (w[n] for n in ("wq", "wk", "wv", "wo"))
    heads, causal = p["heads"], p["causal"]
    later = _mix.later(p["seq_len"], wq.device) if causal else None

    def quadratic(q, k, v):
        scores = matmul(q, k.transpose(-1, -2))
        if causal:
            scores = scores.masked_fill(later, 0)
        return matmul(scores, v) / scores.sum(-1, keepdim=True)

    def linear_form(q, k, v):
        sums = matmul(k.transpose(-1, -2), v)
        return matmul(q, sums) / matmul(q, k.sum(-2).unsqueeze(-1))

    def running(q, k, v):
        sums = einsum("bhse,bhsf->bhsef", k, v).cumsum(2)
        return einsum("bhse,bhsef->bhsf", q, sums) / (q * k.cumsum(2)).sum(-1, keepdim=True)

    mix = quadratic if p["form"] == "quadratic" else running if causal else linear_form

    def forward(x):  # [batch, seq_len, d_model]
        q, k, v = (_attention.split(linear(x, m), heads) for m in (wq, wk, wv))
        return linear(_attention.joined(mix(elu(q) + 1, elu(k) + 1, v)), wo)

    return forward


def reference(p: dict, w: dict, x, kink):
    q, k, v = (_attention.split(x.matmul(w[n]), p["heads"]) for n in ("wq", "wk", "wv"))
    scores = _feature(q).matmul(_feature(k).transpose(-1, -2))
    if p["causal"]:
        scores = scores.tril()
    return _attention.joined((scores / scores.sum(-1, keepdim=True)).matmul(v)).matmul(w["wo"])


def _feature(z):
    """elu(z) + 1, whose derivative is 1 on both sides of zero."""
    return z.clamp(min=0) + z.clamp(max=0).exp()
