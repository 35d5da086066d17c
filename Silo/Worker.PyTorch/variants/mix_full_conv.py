"""A global convolution that is not depthwise: every channel of an output sees every channel of every time step."""
from __future__ import annotations

from catalogue import Tensor, Variant
from variants import _convolution, _mix

VARIANT = Variant(
    name="mix.full_conv",
    summary="global convolution over all channels, circular or causal, by the framework's convolution; O(L^2 d^2)",
    equation="y[t] = sum_s x[(t+s) mod seq_len] K[s], K [seq_len, d_model, d_model]; causal: sum_{s<=t} x[t-s] K[s]",
    citation="Romero et al. 2021, CKConv, arXiv:2102.02611 (kernels as long as the sequence, over all channels)",
    axes=_convolution.AXES,
    constraints=(),
    parameters="seq_len*d_model**2",
    forward_flops="2*batch*seq_len**2*d_model**2",
    forward_bytes="4*(2*batch*seq_len*d_model + seq_len*d_model**2)",
)


def tensors(p: dict) -> tuple[Tensor, ...]:
    size, d = p["seq_len"], p["d_model"]
    return (Tensor("k", (size, d, d), "matrix", fan_in=size * d),)


def native(name: str, tensor, p: dict):
    return tensor.permute(2, 1, 0).contiguous()  # [out, in, lag]


def logical(name: str, tensor, p: dict):
    return tensor.permute(2, 1, 0)


def build(p: dict, w: dict, timed: bool):
    convolve, k = _convolution.direct(p["causal"], depthwise=False), w["k"]

    def forward(x):  # [batch, seq_len, d_model]
        return convolve(k, x)

    return forward


def reference(p: dict, w: dict, x, kink):
    import torch

    size, k = x.shape[1], w["k"]
    y = []
    for t in range(size):
        lags = range(t + 1) if p["causal"] else range(size)
        seen = [t - s if p["causal"] else (t + s) % size for s in lags]
        y.append(torch.einsum("bsd,sde->be", x[:, seen], k[: len(seen)]))
    return torch.stack(y, 1)
