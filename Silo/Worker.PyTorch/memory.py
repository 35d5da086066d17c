"""Peak memory of one iteration, beyond what is there before it: inputs, weights and the optimiser's state."""
from __future__ import annotations

import ctypes
import gc

from faults import Fault
from workload import Kernel

CLEAR_REFS = "/proc/self/clear_refs"
STATUS = "/proc/self/status"


def peak_bytes(kernel: Kernel, device) -> tuple[int, str]:
    """One run that is not counted (it makes plans, buffers and Adam's moments), then one that is; (bytes, method)."""
    with kernel.context():
        kernel.run()
        if kernel.drop is not None:
            kernel.drop()
        gc.collect()
        return _cuda(kernel, device) if device.kind == "cuda" else _cpu(kernel)


def _cuda(kernel: Kernel, device) -> tuple[int, str]:
    import torch

    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    kernel.run()
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated() - before, "cuda_allocator"


def _cpu(kernel: Kernel) -> tuple[int, str]:
    """Right with glibc's malloc and low mmap and trim thresholds only: other allocators keep what is freed."""
    _trim()
    try:
        with open(CLEAR_REFS, "w") as file:
            file.write("5")  # sets VmHWM to the present resident size, proc(5)
    except OSError as error:
        raise Fault("unsupported", f"peak memory needs {CLEAR_REFS} to be writable: {error}") from error
    before = _status_bytes("VmRSS")
    kernel.run()
    return max(0, _status_bytes("VmHWM") - before), "vmhwm"


def _trim() -> None:
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's only
    if trim is not None:
        trim(0)


def _status_bytes(key: str) -> int:
    with open(STATUS, encoding="ascii") as file:
        for line in file:
            if line.startswith(key + ":"):
                return int(line.split()[1]) * 1024
    raise Fault("unsupported", f"peak memory needs {key} in {STATUS}, which this system lacks")
