"""The answer's 'simple feed forward relu residual model', depth as an axis."""
from __future__ import annotations

from catalogue import Axis, Tensor, Variant
from variants import _ffn, _layouts

VARIANT = Variant(
    name="ffn.residual_relu",
    summary="residual ReLU feed-forward layers, each with its own weights, nothing after the last",
    equation="x_{k+1} = x_k + max(0, x_k W1_k + b1_k) W2_k + b2_k for k = 0 .. depth-1; y = x_depth",
    citation="the 'simple feed forward relu residual model' of an answer on stats.stackexchange.com comparing dense "
    "and kernel-1 convolutional layers; it gives no equation, this one is the plainest reading of its name",
    axes=_ffn.AXES + (Axis("depth", "integer", "residual layers", default="1", minimum=1),),
    constraints=(),
    parameters=f"depth*({_ffn.PARAMETERS})",
    forward_flops=f"depth*({_ffn.FLOPS})",
    forward_bytes=f"depth*({_ffn.BYTES})",
)

native = _layouts.linear_native
logical = _layouts.linear_logical


def tensors(p: dict) -> tuple[Tensor, ...]:
    return tuple(t for k in range(p["depth"]) for t in _ffn.tensors(p, f"_{k}"))


def build(p: dict, w: dict, timed: bool):
    from torch.nn.functional import linear, relu

    layers = [tuple(w[f"{n}_{k}"] for n in ("w1", "b1", "w2", "b2")) for k in range(p["depth"])]
    d = p["d_model"]

    def forward(x):  # [batch, seq_len, d_model]
        y = x.view(-1, d)
        for w1, b1, w2, b2 in layers:
            y = y + linear(relu(linear(y, w1, b1)), w2, b2)
        return y.view(x.shape)

    return forward


def reference(p: dict, w: dict, x, kink):
    for k in range(p["depth"]):
        x = x + _ffn.plain(w, x, kink, f"_{k}")
    return x
