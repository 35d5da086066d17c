"""FNet: a Fourier transform over features and time steps in place of attention, nothing to train."""
from __future__ import annotations

from catalogue import Tensor, Variant
from variants import _mix, _spectral

VARIANT = Variant(
    name="mix.fnet",
    summary="the real part of the Fourier transform over features and time steps; nothing to train, no causal form",
    equation="y = Re(F_seq(F_features(x)))",
    citation="Lee-Thorp et al. 2021, FNet, equation 3, arXiv:2105.03824",
    axes=_mix.AXES,
    constraints=(),
    parameters="0",
    # Complex transforms of 5 n log2 n each, the first of real numbers at half of that.
    forward_flops="batch*seq_len*d_model*(2.5*log2(d_model) + 5*log2(seq_len))",
    forward_bytes="4*(2*batch*seq_len*d_model + 4*batch*seq_len*d_model)",
)


def tensors(p: dict) -> tuple[Tensor, ...]:
    return ()


def build(p: dict, w: dict, timed: bool):
    from torch.fft import fft2

    def forward(x):  # [batch, seq_len, d_model]
        _spectral.need(x)
        return fft2(x, dim=(1, 2)).real.contiguous()

    return forward


def reference(p: dict, w: dict, x, kink):
    cos_l, sin_l = _waves(p["seq_len"], x)
    cos_d, sin_d = _waves(p["d_model"], x)
    return cos_l.matmul(x).matmul(cos_d) - sin_l.matmul(x).matmul(sin_d)


def _waves(size: int, like):
    """cos and sin of 2 pi j k / size, both symmetric."""
    import math

    import torch

    places = torch.arange(size, dtype=torch.int64, device=like.device)
    angle = (places[:, None] * places % size).to(torch.float64) * (2 * math.pi / size)
    return angle.cos().to(like.dtype), angle.sin().to(like.dtype)
