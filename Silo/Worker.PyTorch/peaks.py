"""What the device can do now: the best of several products of matrices, and of several triads. docs/protocol.md."""
from __future__ import annotations

from time import perf_counter_ns

SECONDS = 0.03
LEAST_TIMES = 3
# By device: rows of the square matrices, elements of a triad's array. Both fixed, so that figures can be compared.
SIZES = {"cpu": (512, 8 << 20), "cuda": (4096, 64 << 20)}
# Of the product as a convolution with kernel 1; several, since libtorch takes oneDNN for one thread from 16 on only.
IMAGES = 16
# The arrays may take at most this share of what is free, or the triad is left out.
MEMORY_SHARE = 0.25


def measure(device) -> tuple[float, float | None]:
    """FLOPs per second of a float32 product, bytes per second of a triad (None where memory is short)."""
    import torch

    rows, elements = SIZES[device.kind]
    with torch.no_grad():
        # No draw from the generator, which dropout uses; values between -1 and 1, never zeros alone.
        a = torch.linspace(-1, 1, rows * rows, dtype=torch.float32, device=device.name).view(rows, rows)
        b, out = a.t().contiguous(), torch.empty_like(a)
        seconds = _best(device, lambda: torch.mm(a, b, out=out))
        if device.kind == "cpu":
            # The framework's products and convolutions are different libraries, and either may be the faster.
            x, weight = a.view(IMAGES, rows, rows // IMAGES), b.unsqueeze(-1)
            seconds = min(seconds, _best(device, lambda: torch.nn.functional.conv1d(x, weight)))
        gemm = 2 * rows**3 / seconds
        if elements * 8 > MEMORY_SHARE * _free_bytes(device):
            return gemm, None
        x = torch.ones(elements, dtype=torch.float32, device=device.name)
        y = torch.ones(elements, dtype=torch.float32, device=device.name)
        return gemm, 12 * elements / _best(device, lambda: x.add_(y, alpha=0.5))


def _best(device, run) -> float:
    """Least seconds of a run, after one that is not counted."""
    run()
    least, begin, times = float("inf"), perf_counter_ns(), 0
    while times < LEAST_TIMES or perf_counter_ns() - begin < SECONDS * 1e9:
        device.begin()
        start = perf_counter_ns()
        run()
        device.end()
        wall = perf_counter_ns() - start
        on_device = device.device_nanoseconds()
        least = min(least, on_device if on_device > 0 else wall)
        times += 1
    return max(least, 1) / 1e9


def _free_bytes(device) -> int:
    if device.kind == "cuda":
        import torch

        return torch.cuda.mem_get_info()[0]
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return 0
