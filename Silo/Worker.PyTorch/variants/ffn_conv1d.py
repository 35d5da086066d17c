"""The feed-forward network as two convolutions of kernel 1, as one writes it for channels-last data."""
from __future__ import annotations

from variants import _ffn, _layouts

VARIANT = _ffn.exact(
    name="ffn.conv1d",
    summary="the same as two convolutions of kernel 1 on channels-last data, both transposes counted",
    equation="y = max(0, x W1 + b1) W2 + b2, as conv(max(0, conv(x^T, W1) + b1), W2) + b2 transposed back",
    citation=_ffn.CITATION + " (\"two convolutions with kernel size 1\")",
)

tensors = _ffn.tensors
native = _layouts.conv_native
logical = _layouts.conv_logical
reference = _ffn.reference


def build(p: dict, w: dict, timed: bool):
    from torch.nn.functional import relu
    from torch import conv1d

    w1, b1, w2, b2 = w["w1"], w["b1"], w["w2"], w["b2"]

    def forward(x):  # [batch, seq_len, d_model], which a convolution wants as [batch, d_model, seq_len]
        # contiguous: whoever reads the output gets it laid out as every other variant's.
        return conv1d(relu(conv1d(x.transpose(1, 2), w1, b1)), w2, b2).transpose(1, 2).contiguous()

    return forward
