"""A global filter: one complex number for each frequency and channel."""
from __future__ import annotations

from catalogue import Tensor, Variant
from variants import _mix, _spectral

VARIANT = Variant(
    name="mix.gfnet",
    summary="global filter: frequencies of every channel times learnt complex numbers; no causal form",
    equation="y = irfft(rfft(x) * (f_re + i f_im)); with f = conj(rfft(k)) it is mix.gconv_fft",
    citation="Rao et al. 2021, Global Filter Networks, equation 4, arXiv:2107.00645, over one dimension",
    axes=_mix.AXES,
    constraints=(),
    parameters="2*(seq_len//2 + 1)*d_model",
    # Two real transforms and 6 operations for each product of complex numbers.
    forward_flops=f"batch*d_model*(5*seq_len*{_spectral.LOG} + 6*(seq_len//2 + 1))",
    forward_bytes="4*(6*batch*seq_len*d_model + 2*(seq_len//2 + 1)*d_model)",
)


def tensors(p: dict) -> tuple[Tensor, ...]:
    shape = (p["seq_len"] // 2 + 1, p["d_model"])
    return tuple(Tensor(name, shape, "matrix", fan_in=2) for name in ("f_re", "f_im"))


def build(p: dict, w: dict, timed: bool):
    from torch import complex
    from torch.fft import irfft, rfft

    re, im, size = w["f_re"], w["f_im"], p["seq_len"]
    _spectral.need(re)

    def forward(x):  # [batch, seq_len, d_model]
        return irfft(rfft(x, dim=1) * complex(re, im), n=size, dim=1).contiguous()

    return forward


def reference(p: dict, w: dict, x, kink):
    """The sums of cosines and sines themselves. Frequencies between none and half count twice."""
    import math

    import torch

    size = p["seq_len"]
    places = torch.arange(size, dtype=torch.int64, device=x.device)
    bins = places[: size // 2 + 1]
    angle = (bins[:, None] * places % size).to(torch.float64) * (2 * math.pi / size)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    re, im = cos.matmul(x), -sin.matmul(x)
    once = (bins == 0) | (2 * bins == size)
    share = torch.where(once, 1.0, 2.0).to(x.dtype)[:, None] / size
    y_re = (re * w["f_re"] - im * w["f_im"]) * share
    y_im = (re * w["f_im"] + im * w["f_re"]) * share
    return cos.t().matmul(y_re) - sin.t().matmul(y_im)
