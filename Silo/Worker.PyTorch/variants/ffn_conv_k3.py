"""The feed-forward network as two convolutions of kernel 3: each time step sees its neighbours."""
from __future__ import annotations

from catalogue import Tensor, Variant
from variants import _ffn

VARIANT = Variant(
    name="ffn.conv_k3",
    summary="two convolutions of kernel 3 over time, zeros beyond the ends; both transposes counted",
    equation="h_t = max(0, sum_j x_{t+j-1} W1_j + b1), y_t = sum_j h_{t+j-1} W2_j + b2, j = 0 .. 2",
    citation="Ren et al. 2019, FastSpeech, section 3.1, arXiv:1905.09263",
    axes=_ffn.AXES,
    constraints=(),
    parameters="6*d_model*d_ff + d_ff + d_model",
    forward_flops="12*batch*seq_len*d_model*d_ff",
    forward_bytes="4*(2*batch*seq_len*d_model + 2*batch*seq_len*d_ff + 6*d_model*d_ff)",
)
MIXES = True
WIDTH = 3


def tensors(p: dict) -> tuple[Tensor, ...]:
    d, h = p["d_model"], p["d_ff"]
    return (
        Tensor("w1", (WIDTH, d, h), "matrix", fan_in=WIDTH * d),
        Tensor("b1", (h,), "bias"),
        Tensor("w2", (WIDTH, h, d), "matrix", fan_in=WIDTH * h),
        Tensor("b2", (d,), "bias"),
    )


def native(name: str, tensor, p: dict):
    return tensor.permute(2, 1, 0).contiguous() if tensor.dim() == 3 else tensor  # [out, in, width]


def logical(name: str, tensor, p: dict):
    return tensor.permute(2, 1, 0) if tensor.dim() == 3 else tensor


def build(p: dict, w: dict, timed: bool):
    from torch import conv1d
    from torch.nn.functional import relu

    w1, b1, w2, b2 = w["w1"], w["b1"], w["w2"], w["b2"]

    def forward(x):  # [batch, seq_len, d_model]
        hidden = relu(conv1d(x.transpose(1, 2), w1, b1, padding=1))
        return conv1d(hidden, w2, b2, padding=1).transpose(1, 2).contiguous()

    return forward


def reference(p: dict, w: dict, x, kink):
    return _layer(kink(_layer(x, w["w1"], w["b1"])).clamp(min=0), w["w2"], w["b2"])


def _layer(x, taps, bias):
    from torch.nn.functional import pad

    padded, size = pad(x, (0, 0, 1, 1)), x.shape[1]
    return sum(padded[:, j : j + size].matmul(tap) for j, tap in enumerate(taps)) + bias
