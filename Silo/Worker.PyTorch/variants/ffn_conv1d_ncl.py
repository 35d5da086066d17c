"""The feed-forward network as two convolutions of kernel 1 in a network that keeps its channels first."""
from __future__ import annotations

from variants import _ffn, _layouts

VARIANT = _ffn.exact(
    name="ffn.conv1d_ncl",
    summary="two convolutions of kernel 1 on channels-first data: input and output [batch, d_model, seq_len]",
    equation="y^T = conv(max(0, conv(x^T, W1) + b1), W2) + b2, with x^T and y^T as [batch, d_model, seq_len]",
    citation=_ffn.CITATION + " (\"two convolutions with kernel size 1\")",
)
LAYOUT = "channels_first"

tensors = _ffn.tensors
native = _layouts.conv_native
logical = _layouts.conv_logical
reference = _ffn.reference


def build(p: dict, w: dict, timed: bool):
    from torch import conv1d
    from torch.nn.functional import relu

    w1, b1, w2, b2 = w["w1"], w["b1"], w["w2"], w["b2"]

    def forward(x):  # [batch, d_model, seq_len]
        return conv1d(relu(conv1d(x, w1, b1)), w2, b2)

    return forward
