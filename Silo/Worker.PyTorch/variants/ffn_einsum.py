"""The feed-forward network as two einsums."""
from __future__ import annotations

from variants import _ffn

VARIANT = _ffn.exact(
    name="ffn.einsum",
    summary="the same as two Einstein sums over [batch, seq_len, d_model]",
    equation="y_blm = sum_h max(0, sum_d x_bld W1_dh + b1_h) W2_hm + b2_m",
)

tensors = _ffn.tensors
reference = _ffn.reference


def build(p: dict, w: dict, timed: bool):
    from torch import einsum
    from torch.nn.functional import relu

    w1, b1, w2, b2 = w["w1"], w["b1"], w["w2"], w["b2"]

    def forward(x):  # [batch, seq_len, d_model]
        return einsum("blh,hm->blm", relu(einsum("bld,dh->blh", x, w1) + b1), w2) + b2

    return forward
