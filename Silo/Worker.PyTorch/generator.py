"""The counter-based generator of docs/protocol.md: the same numbers from the same seed in every worker."""
from __future__ import annotations

import math
import zlib

MASK = 0xFFFFFFFF
CPU_CHUNK = 1 << 16  # half a megabyte of int64: stays in a core's cache, and adds nothing to the peak memory
CUDA_CHUNK = 1 << 22


def key_of(name: str, seed: int) -> int:
    low, high = seed & MASK, (seed >> 32) & MASK
    return _mix_int((zlib.crc32(name.encode()) ^ low) & MASK) ^ _mix_int((high + 0x9E3779B9) & MASK)


def run_seed(seed: int, trial: int) -> int:
    """The seed of a training run: trials of one cell have weights and data of their own."""
    return (seed & (MASK << 32)) | _mix_int((seed + 0x9E3779B9 * trial) & MASK)


def uniform(name: str, shape: tuple[int, ...], seed: int, device: str):
    """float64 in (0, 1)."""
    return _draw(name, shape, seed, device, "float64", lambda u: u)


def normal(
    name: str,
    shape: tuple[int, ...],
    seed: int,
    device: str,
    dtype: str,
    std: float = 1.0,
    mean: float = 0.0,
    home: str | None = None,
):
    """N(mean, std^2), drawn in float64, then cast. `home`: where it is kept, if not on the device that draws it."""
    factor = math.sqrt(2) * std
    return _draw(
        name, shape, seed, device, dtype, lambda u: u.mul_(2).sub_(1).erfinv_().mul_(factor).add_(mean), home
    )


def weight(tensor, seed: int, device: str, dtype: str):
    """First values of a catalogue.Tensor by its role. Biases are not zero, so that one left out is noticed."""
    std, mean = {
        "matrix": (1 / math.sqrt(tensor.fan_in or 1), 0.0),
        "bias": (0.01, 0.0),
        "scale": (0.1, 1.0),
    }[tensor.role]
    return normal(tensor.name, tensor.shape, seed, device, dtype, std, mean)


def _draw(name, shape, seed, device, dtype, shape_values, home=None):
    import torch

    out = torch.empty(shape, dtype=getattr(torch, dtype), device=home or device)
    flat = out.view(-1)
    key = key_of(name, seed)
    chunk = CPU_CHUNK if torch.device(device).type == "cpu" else CUDA_CHUNK
    for start in range(0, flat.numel(), chunk):
        stop = min(start + chunk, flat.numel())
        i = torch.arange(start, stop, dtype=torch.int64, device=device)
        flat[start:stop] = shape_values(uniform_at(i, key))
    return out


def uniform_at(i, key: int):
    """u(i) for an int64 tensor of counters, which is overwritten."""
    import torch

    high = i >> 32
    h = _mix(i.bitwise_and_(MASK).bitwise_xor_(key))
    h = _mix(h.add_(high).bitwise_and_(MASK))
    return h.to(torch.float64).add_(0.5).mul_(2.0**-32)


def _mix(h):
    """C. Wellons' lowbias32 on int64 tensors. The second product wraps around 2^64; its low 32 bits are right."""
    h ^= h >> 16
    h.mul_(0x7FEB352D).bitwise_and_(MASK)
    h ^= h >> 15
    h.mul_(0x846CA68B).bitwise_and_(MASK)
    h ^= h >> 16
    return h


def _mix_int(h: int) -> int:
    h ^= h >> 16
    h = (h * 0x7FEB352D) & MASK
    h ^= h >> 15
    h = (h * 0x846CA68B) & MASK
    return h ^ (h >> 16)
