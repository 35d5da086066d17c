"""Hyena of order 2: causal global convolutions and products by turns, their kernels made by a small network."""
from __future__ import annotations

import math

from catalogue import Axis, Tensor, Variant
from variants import _convolution, _layouts, _mix, _spectral

SHORT = 3  # width of the convolution of each projection
POSITION = 3  # t, cos and sin of one wave over the sequence
# Slowest and fastest decay of a kernel: it falls to 1e-2 over 1.5 and 0.3 sequences, by channel.
TARGET, SLOW, FAST = 1e-2, 1.5, 0.3
FILTER_FLOPS = f"seq_len*({2 * POSITION}*filter_width + 4*filter_width**2 + 4*filter_width*d_model)"

VARIANT = Variant(
    name="mix.hyena",
    summary="Hyena operator of order 2, always causal: two implicit global convolutions, gated by projections",
    equation="[v, x1, x2] = short(x Win), z = v, z = x_n * (h_n conv z) for n = 1, 2, y = z Wout; short is a causal "
    "depthwise convolution of width 3, [h1, h2](t) = F3 sin(F2 sin(F1 e(t))) * exp(-a t), e(t) = (t, cos 2 pi t, -sin 2 pi t)",
    citation="Poli et al. 2023, Hyena Hierarchy, section 3, arXiv:2302.10866; filters as in its code: 3 positions, "
    "sines, exponential window; without their direct term",
    axes=_mix.AXES + (Axis("filter_width", "integer", "hidden units of the network that makes the kernels", "16", 1),),
    constraints=(),
    parameters=f"4*d_model**2 + {3 * SHORT}*d_model + {POSITION + 2}*filter_width + filter_width**2 + "
    "2*filter_width*d_model",
    forward_flops=f"batch*seq_len*(8*d_model**2 + {6 * SHORT}*d_model) + 30*batch*seq_len*d_model*({_spectral.LOG} + 1)"
    f" + {FILTER_FLOPS}",
    forward_bytes="4*(26*batch*seq_len*d_model + 4*d_model**2 + 4*seq_len*d_model)",
)
ALWAYS_CAUSAL = True


def tensors(p: dict) -> tuple[Tensor, ...]:
    d, width = p["d_model"], p["filter_width"]
    return (
        _mix.matrix("w_in", d, 3 * d),
        Tensor("short", (SHORT, 3 * d), "matrix", fan_in=SHORT),
        _mix.matrix("f1", POSITION, width),
        Tensor("f1_b", (width,), "bias"),
        _mix.matrix("f2", width, width),
        Tensor("f2_b", (width,), "bias"),
        _mix.matrix("f3", width, 2 * d),
        _mix.matrix("w_out", d, d),
    )


def native(name: str, tensor, p: dict):
    if name in ("w_in", "w_out"):
        return _layouts.linear_native(name, tensor, p)
    return _layouts.depthwise_native(name, tensor, p) if name == "short" else tensor


def logical(name: str, tensor, p: dict):
    if name in ("w_in", "w_out"):
        return _layouts.linear_logical(name, tensor, p)
    return _layouts.depthwise_logical(name, tensor, p) if name == "short" else tensor


def _places(p: dict, like):
    """(e(t) [seq_len, 3], window [seq_len, 2*d_model]), t from 0 to 1 over the sequence."""
    import torch

    t = torch.linspace(0, 1, p["seq_len"], dtype=torch.float64, device=like.device)[:, None]
    waves = torch.cat((t, (2 * math.pi * t).cos(), -(2 * math.pi * t).sin()), 1)
    rates = torch.linspace(-math.log(TARGET) / SLOW, -math.log(TARGET) / FAST, p["d_model"], dtype=torch.float64)
    window = (-t * rates.to(like.device)).exp()
    return waves.to(like.dtype), torch.cat((window, window), 1).to(like.dtype)


def _filters(w: dict, waves, window):
    """[seq_len, d_model] each. Their sum over time steps is brought near 1, whatever the length."""
    hidden = (waves.matmul(w["f1"]) + w["f1_b"]).sin()
    hidden = (hidden.matmul(w["f2"]) + w["f2_b"]).sin()
    return (hidden.matmul(w["f3"]) * window / waves.shape[0] ** 0.5).chunk(2, -1)


def build(p: dict, w: dict, timed: bool):
    from torch import conv1d
    from torch.nn.functional import linear, pad

    w_in, short, w_out = w["w_in"], w["short"], w["w_out"]
    channels = 3 * p["d_model"]
    waves, window = _places(p, w_in)
    _spectral.need(w_in)

    def forward(x):  # [batch, seq_len, d_model]
        projected = pad(linear(x, w_in).transpose(1, 2), (SHORT - 1, 0))
        z, *gates = conv1d(projected, short, groups=channels).transpose(1, 2).chunk(3, -1)
        for gate, kernel in zip(gates, _filters(w, waves, window)):
            z = gate * _spectral.convolve(kernel, z, True)
        return linear(z, w_out)

    return forward


def reference(p: dict, w: dict, x, kink):
    from torch.nn.functional import pad

    padded, size = pad(x.matmul(w["w_in"]), (0, 0, SHORT - 1, 0)), x.shape[1]
    z, *gates = sum(padded[:, j : j + size] * tap for j, tap in enumerate(w["short"])).chunk(3, -1)
    for gate, kernel in zip(gates, _filters(w, *_places(p, x))):
        z = gate * _convolution.plain(kernel, z, True)
    return z.matmul(w["w_out"])
