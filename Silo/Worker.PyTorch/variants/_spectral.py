"""Global convolutions through the Fourier transform, and whether the device has one in a type."""
from __future__ import annotations

from functools import lru_cache

from faults import Fault

LOG = "log2(max(2, seq_len))"  # of a transform over the sequence


@lru_cache(maxsize=None)
def _lacking(dtype, device: str) -> str | None:
    """What the framework says of a transform in this type on this device; None where it has one."""
    import torch

    try:
        torch.fft.irfft(torch.fft.rfft(torch.zeros(2, dtype=dtype, device=device)), n=2)
        return None
    except RuntimeError as error:
        return str(error).splitlines()[0]


def need(tensor) -> None:
    """A fault where there is no Fourier transform in the tensor's type on its device."""
    problem = _lacking(tensor.dtype, str(tensor.device))
    if problem is not None:
        dtype = str(tensor.dtype).replace("torch.", "")
        raise Fault("unsupported", f"no Fourier transform in {dtype} on {tensor.device.type} ({problem}); give float32")


def convolve(k, x, causal: bool):
    """Circular sum over s of k[s] x[(t+s) mod L], causal sum over s <= t of k[s] x[t-s], over dimension 1 of x and 0
    of k. The causal one is padded with zeros to 2L, so that nothing comes around."""
    from torch.fft import irfft, rfft

    size = x.shape[1]
    if causal:
        return irfft(rfft(x, n=2 * size, dim=1) * rfft(k, n=2 * size, dim=0), n=2 * size, dim=1)[:, :size]
    return irfft(rfft(x, dim=1) * rfft(k, dim=0).conj(), n=size, dim=1)
