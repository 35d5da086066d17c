"""The feed-forward network as two 1x1 convolutions over an image of one column."""
from __future__ import annotations

from variants import _ffn, _layouts

VARIANT = _ffn.exact(
    name="ffn.conv2d",
    summary="the same as two 1x1 convolutions over [batch, d_model, seq_len, 1], both transposes counted",
    equation="y = max(0, x W1 + b1) W2 + b2, as conv2d(max(0, conv2d(x^T, W1) + b1), W2) + b2 transposed back",
    citation="Lin et al. 2013, Network In Network (1x1 convolutions), arXiv:1312.4400; " + _ffn.CITATION,
)

tensors = _ffn.tensors
reference = _ffn.reference


def native(name: str, tensor, p: dict):
    return _layouts.conv_native(name, tensor, p).unsqueeze(-1) if tensor.dim() == 2 else tensor


def logical(name: str, tensor, p: dict):
    return _layouts.conv_logical(name, tensor.squeeze(-1), p) if tensor.dim() == 4 else tensor


def build(p: dict, w: dict, timed: bool):
    from torch import conv2d
    from torch.nn.functional import relu

    w1, b1, w2, b2 = w["w1"], w["b1"], w["w2"], w["b2"]

    def forward(x):  # [batch, seq_len, d_model]
        image = x.transpose(1, 2).unsqueeze(-1)
        return conv2d(relu(conv2d(image, w1, b1)), w2, b2).squeeze(-1).transpose(1, 2).contiguous()

    return forward
