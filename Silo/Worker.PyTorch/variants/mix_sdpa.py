"""Multi-head self-attention through the framework's fused kernel."""
from __future__ import annotations

from catalogue import Variant
from faults import Fault
from variants import _attention, _layouts

VARIANT = Variant(
    name="mix.sdpa",
    summary="the same through the framework's scaled_dot_product_attention, which may fuse it",
    equation=_attention.EQUATION,
    citation=_attention.CITATION + "; the fused kernel: Dao et al. 2022, FlashAttention, arXiv:2205.14135",
    axes=_attention.AXES,
    constraints=_attention.CONSTRAINTS,
    parameters=_attention.PARAMETERS,
    forward_flops=_attention.FLOPS,
    forward_bytes=f"4*({_attention.TOKEN_BYTES})",
    equal_to=("mix.attention",),
)

tensors = _attention.tensors
native = _layouts.linear_native
logical = _layouts.linear_logical
reference = _attention.reference
widest = _attention.widest


def build(p: dict, w: dict, timed: bool):
    from torch.nn.functional import linear

    wq, wk, wv, wo = (w[n] for n in ("wq", "wk", "wv", "wo"))
    heads, causal, fused = p["heads"], p["causal"], _fused()

    def forward(x):  # [batch, seq_len, d_model]
        q, k, v = (_attention.split(linear(x, m), heads) for m in (wq, wk, wv))
        return linear(_attention.joined(fused(q, k, v, causal)), wo)

    return forward


def _fused():
    """Public since torch 2.0; 1.13 has it under another name, with the weights as a second result."""
    import torch
    from torch.nn import functional

    public = getattr(functional, "scaled_dot_product_attention", None)
    if public is not None:
        return lambda q, k, v, causal: public(q, k, v, is_causal=causal)
    early = getattr(torch._C._nn, "_scaled_dot_product_attention", None)
    if early is not None:
        return lambda q, k, v, causal: early(q, k, v, is_causal=causal)[0]
    raise Fault("unsupported", f"torch {torch.__version__} has no scaled_dot_product_attention; 1.13 and later have it")
