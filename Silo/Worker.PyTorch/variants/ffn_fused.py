"""The feed-forward network with the first layer's bias and ReLU inside its GEMM."""
from __future__ import annotations

from functools import lru_cache

from faults import Fault
from variants import _ffn

VARIANT = _ffn.exact(
    name="ffn.fused",
    summary="the same with bias and ReLU fused into the first GEMM where the framework's library can (cuBLASLt)",
    equation="y = addmm(b2, addmm_relu(b1, x, W1), W2), with x as [N, d_model]",
)

tensors = _ffn.tensors
reference = _ffn.reference


def build(p: dict, w: dict, timed: bool):
    from torch import addmm

    w1, b1, w2, b2 = w["w1"], w["b1"], w["w2"], w["b2"]
    fused, d = _fused(), p["d_model"]

    def forward(x):  # [batch, seq_len, d_model]
        return addmm(b2, fused(b1, x.view(-1, d), w1), w2).view(x.shape)

    return forward


@lru_cache(maxsize=None)
def _fused():
    """max(0, x w + b). The framework's operator has no derivative of its own."""
    import torch

    operator = getattr(torch, "_addmm_activation", None)
    if operator is None:
        raise Fault("unsupported", f"torch {torch.__version__} has no _addmm_activation; give ffn.dense")

    class AddmmRelu(torch.autograd.Function):
        @staticmethod
        def forward(ctx, b, x, w):
            y = operator(b, x, w)
            ctx.save_for_backward(x, w, y)
            return y

        @staticmethod
        def backward(ctx, g):
            x, w, y = ctx.saved_tensors
            g = torch.where(y > 0, g, torch.zeros_like(g))
            to_x = g.mm(w.t()) if ctx.needs_input_grad[1] else None
            return g.sum(0), to_x, x.t().mm(g)

    return AddmmRelu.apply
