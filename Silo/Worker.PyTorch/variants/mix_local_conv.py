"""A local depthwise convolution: each time step sees a few neighbours."""
from __future__ import annotations

from catalogue import Axis, Constraint, Tensor, Variant
from variants import _layouts, _mix

VARIANT = Variant(
    name="mix.local_conv",
    summary="depthwise convolution over `width` time steps, centred or causal, zeros beyond the ends",
    equation="y[t,c] = sum_j k[j,c] x[t + j - (width-1)/2, c]; causal: x[t + j - (width-1), c], j = 0 .. width-1",
    citation="Wu et al. 2019, Pay Less Attention with Lightweight and Dynamic Convolutions, section 2, arXiv:1901.10430",
    axes=_mix.AXES + (Axis("width", "integer", "time steps of the kernel", "3", minimum=1), _mix.CAUSAL),
    constraints=(Constraint("causal or width % 2 == 1", "a centred kernel has as many steps before as after"),),
    parameters="width*d_model",
    forward_flops="2*batch*seq_len*width*d_model",
    forward_bytes="4*(2*batch*seq_len*d_model + width*d_model)",
)

native = _layouts.depthwise_native
logical = _layouts.depthwise_logical


def tensors(p: dict) -> tuple[Tensor, ...]:
    return (Tensor("k", (p["width"], p["d_model"]), "matrix", fan_in=p["width"]),)


def _before(p: dict) -> int:
    """Zeros that stand before the first time step."""
    return p["width"] - 1 if p["causal"] else p["width"] // 2


def build(p: dict, w: dict, timed: bool):
    from torch import conv1d
    from torch.nn.functional import pad

    k, channels, before = w["k"], p["d_model"], _before(p)
    after = p["width"] - 1 - before

    def forward(x):  # [batch, seq_len, d_model]
        return conv1d(pad(x.transpose(1, 2), (before, after)), k, groups=channels).transpose(1, 2).contiguous()

    return forward


def reference(p: dict, w: dict, x, kink):
    from torch.nn.functional import pad

    before, size = _before(p), x.shape[1]
    padded = pad(x, (0, 0, before, p["width"] - 1 - before))
    return sum(padded[:, j : j + size] * tap for j, tap in enumerate(w["k"]))
