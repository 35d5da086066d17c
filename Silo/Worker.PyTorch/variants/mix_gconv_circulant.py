"""Global depthwise convolution as a product with a circulant matrix (causal: a Toeplitz one) for each channel."""
from __future__ import annotations

from catalogue import Variant
from variants import _convolution

VARIANT = Variant(
    name="mix.gconv_circulant",
    summary="the same as a matrix product for each channel, the circulant matrix made from k each time; O(L^2 d)",
    equation="y[:,c] = C_c x[:,c] with C_c[t,u] = k[(u-t) mod seq_len, c]; causal: C_c[t,u] = k[t-u, c], 0 for u > t",
    citation=_convolution.CITATION,
    axes=_convolution.AXES,
    constraints=(),
    parameters=_convolution.PARAMETERS,
    forward_flops=_convolution.DIRECT_FLOPS,
    forward_bytes=f"{_convolution.BYTES} + 8*seq_len**2*d_model",
    equal_to=("mix.gconv_direct", "mix.gconv_fft"),
)

tensors = _convolution.tensors
reference = _convolution.reference


def native(name: str, tensor, p: dict):
    return tensor.t().contiguous()  # [d_model, seq_len]


def logical(name: str, tensor, p: dict):
    return tensor.t()


def build(p: dict, w: dict, timed: bool):
    from torch import bmm, cat, zeros

    k, causal, size = w["k"], p["causal"], p["seq_len"]
    before = zeros(p["d_model"], size - 1, dtype=k.dtype, device=k.device)

    def forward(x):  # [batch, seq_len, d_model]
        if causal:
            row = cat((before, k), 1)
        else:
            reverse = k.flip(1)
            row = cat((reverse, reverse[:, : size - 1]), 1)
        # Windows of one row are C with its columns from last to first, [d_model, seq_len, seq_len].
        matrices = row.unfold(1, size, 1)
        return bmm(matrices, x.flip(1).permute(2, 1, 0)).permute(2, 1, 0).contiguous()

    return forward
