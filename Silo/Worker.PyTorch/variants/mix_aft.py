"""Attention-free transformer, full form: weights over time steps are learnt positions times keys, channel by channel."""
from __future__ import annotations

from catalogue import Variant
from variants import _layouts, _mix, _nonlinear

VARIANT = Variant(
    name="mix.aft",
    summary="attention-free transformer (AFT-full): for each channel a mean of values weighted by keys and positions",
    equation="y_t = sigmoid(q_t) * sum_s exp(k_s + w_ts) v_s / sum_s exp(k_s + w_ts), q = x Wq, k and v likewise; "
    "causal: s <= t",
    citation="Zhai et al. 2021, An Attention Free Transformer, equation 2, arXiv:2105.14103",
    axes=_mix.AXES + (_mix.CAUSAL,),
    constraints=(),
    parameters="3*d_model**2 + seq_len**2",
    forward_flops="batch*(6*seq_len*d_model**2 + 4*seq_len**2*d_model)",
    forward_bytes="4*(14*batch*seq_len*d_model + 3*d_model**2 + 3*seq_len**2)",
)


def tensors(p: dict):
    d, size = p["d_model"], p["seq_len"]
    return *(_mix.matrix(name, d, d) for name in ("wq", "wk", "wv")), _mix.matrix("positions", size, size)


def native(name: str, tensor, p: dict):
    return tensor if name == "positions" else _layouts.linear_native(name, tensor, p)


def logical(name: str, tensor, p: dict):
    return tensor if name == "positions" else _layouts.linear_logical(name, tensor, p)


def build(p: dict, w: dict, timed: bool):
    from torch import matmul, sigmoid
    from torch.nn.functional import linear

    wq, wk, wv, positions = (w[n] for n in ("wq", "wk", "wv", "positions"))
    later = _mix.later(p["seq_len"], wq.device) if p["causal"] else None

    def forward(x):  # [batch, seq_len, d_model]
        logits = positions if later is None else positions.masked_fill(later, float("-inf"))
        # exp(k + w) as a product of two, each taken relative to its largest, which cancels in the quotient.
        over_time = (logits - logits.detach().amax(-1, keepdim=True)).exp()
        keys = linear(x, wk)
        keys = (keys - keys.detach().amax(1, keepdim=True)).exp()
        mean = matmul(over_time, keys * linear(x, wv)) / matmul(over_time, keys)
        return sigmoid(linear(x, wq)) * mean

    return forward


def reference(p: dict, w: dict, x, kink):
    q, k, v = (x.matmul(w[n]) for n in ("wq", "wk", "wv"))
    weights = w["positions"].exp()
    if p["causal"]:
        weights = weights.tril()
    mean = weights.matmul(k.exp() * v) / weights.matmul(k.exp())
    return _nonlinear.sigmoid(q) * mean
