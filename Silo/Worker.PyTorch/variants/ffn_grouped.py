"""The feed-forward network in groups of features that do not meet."""
from __future__ import annotations

from catalogue import Axis, Constraint, Tensor, Variant
from variants import _ffn

VARIANT = Variant(
    name="ffn.grouped",
    summary="`groups` feed-forward networks side by side, each over its own part of the features",
    equation="y^i = max(0, x^i W1_i + b1^i) W2_i + b2^i for each group i of d_model/groups features",
    citation="Xie et al. 2016, Aggregated Residual Transformations (grouped convolutions), arXiv:1611.05431",
    axes=_ffn.AXES + (Axis("groups", "integer", "groups of features", default="4", minimum=1),),
    constraints=(
        Constraint("d_model % groups == 0", "every group takes the same number of features"),
        Constraint("d_ff % groups == 0", "every group has the same number of hidden units"),
    ),
    parameters="2*d_model*d_ff//groups + d_ff + d_model",
    forward_flops="4*batch*seq_len*d_model*d_ff/groups",
    forward_bytes="4*(2*batch*seq_len*d_model + 2*batch*seq_len*d_ff + 2*d_model*d_ff/groups)",
)


def tensors(p: dict) -> tuple[Tensor, ...]:
    n = p["groups"]
    d, h = p["d_model"] // n, p["d_ff"] // n
    return (
        Tensor("w1", (n, d, h), "matrix", fan_in=d),
        Tensor("b1", (n * h,), "bias"),
        Tensor("w2", (n, h, d), "matrix", fan_in=h),
        Tensor("b2", (n * d,), "bias"),
    )


def build(p: dict, w: dict, timed: bool):
    from torch import baddbmm
    from torch.nn.functional import relu

    n, d = p["groups"], p["d_model"]
    w1, b1, w2, b2 = w["w1"], w["b1"], w["w2"], w["b2"]

    def forward(x):  # [batch, seq_len, d_model]
        parts = x.view(-1, n, d // n).transpose(0, 1)
        hidden = relu(baddbmm(b1.view(n, 1, -1), parts, w1))
        return baddbmm(b2.view(n, 1, -1), hidden, w2).transpose(0, 1).reshape(x.shape)

    return forward


def reference(p: dict, w: dict, x, kink):
    import torch

    n = p["groups"]
    parts = zip(x.chunk(n, -1), w["w1"], w["b1"].chunk(n))
    hidden = kink(torch.cat([part.matmul(matrix) + bias for part, matrix, bias in parts], -1)).clamp(min=0)
    parts = zip(hidden.chunk(n, -1), w["w2"], w["b2"].chunk(n))
    return torch.cat([part.matmul(matrix) + bias for part, matrix, bias in parts], -1)
