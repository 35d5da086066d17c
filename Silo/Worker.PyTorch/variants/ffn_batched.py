"""The feed-forward network as two batched GEMMs, one matrix product for each sequence."""
from __future__ import annotations

from variants import _ffn

VARIANT = _ffn.exact(
    name="ffn.batched",
    summary="the same as two batched GEMMs, one product for each sequence of the batch",
    equation="y_n = max(0, x_n W1 + b1) W2 + b2 for n = 0 .. batch-1, with x_n as [seq_len, d_model]",
)

tensors = _ffn.tensors
reference = _ffn.reference


def build(p: dict, w: dict, timed: bool):
    from torch import bmm
    from torch.nn.functional import relu

    w1, b1, w2, b2 = w["w1"], w["b1"], w["w2"], w["b2"]

    def forward(x):  # [batch, seq_len, d_model]; matmul would fold the batch into one GEMM, bmm does not
        n = x.shape[0]
        return bmm(relu(bmm(x, w1.expand(n, -1, -1)) + b1), w2.expand(n, -1, -1)) + b2

    return forward
