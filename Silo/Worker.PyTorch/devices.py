"""Where tensors live and how time on them is taken: the CPU, or a CUDA device with events and synchronisation."""
from __future__ import annotations

import os

from faults import Fault

FLAGS = ("tf32", "cudnn_benchmark", "deterministic")


class Cpu:
    kind = "cpu"
    name = "cpu"
    has_clock = False  # of its own

    def begin(self) -> None:
        """Nothing is in flight on a CPU: operators return when they are done."""

    def end(self) -> None:
        """As begin."""

    def device_nanoseconds(self) -> int:
        return -1

    def free_cache(self) -> None:
        """The allocator's; memory.py trims it where that matters."""


class Cuda:
    kind = "cuda"
    has_clock = True

    def __init__(self, name: str):
        import torch

        if not torch.cuda.is_available():
            raise Fault("unsupported", f"device: '{name}' needs CUDA, which this torch or this machine has not")
        self.name = name
        self._device = torch.device(name)
        if (self._device.index or 0) >= torch.cuda.device_count():
            raise Fault("unsupported", f"device: '{name}' is beyond the {torch.cuda.device_count()} visible")
        torch.cuda.set_device(self._device)
        self._start = torch.cuda.Event(enable_timing=True)
        self._stop = torch.cuda.Event(enable_timing=True)
        self._synchronize = torch.cuda.synchronize

    def begin(self) -> None:
        self._synchronize()
        self._start.record()

    def end(self) -> None:
        self._stop.record()
        self._synchronize()

    def device_nanoseconds(self) -> int:
        """Between the events; their resolution is about 500 ns."""
        return round(self._start.elapsed_time(self._stop) * 1e6)

    def free_cache(self) -> None:
        import torch

        torch.cuda.empty_cache()


def open_device(name: str, threads: int, flags: dict[str, bool]):
    """Loads the framework and sets what `hello` asks for."""
    unknown = sorted(set(flags) - set(FLAGS))
    if unknown:
        raise Fault("error", f"flags: '{unknown[0]}' is unknown; give {', '.join(FLAGS)}")
    if flags.get("deterministic"):
        # cuBLAS reads it when its first handle is made.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    import torch

    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    tf32 = bool(flags.get("tf32"))
    torch.backends.cuda.matmul.allow_tf32 = tf32
    torch.backends.cudnn.allow_tf32 = tf32
    torch.backends.cudnn.benchmark = bool(flags.get("cudnn_benchmark"))
    torch.backends.cudnn.deterministic = bool(flags.get("deterministic"))
    torch.use_deterministic_algorithms(bool(flags.get("deterministic")))
    if name == "cpu":
        return Cpu()
    if name == "cuda" or name.startswith("cuda:"):
        return Cuda(name if ":" in name else "cuda:0")
    raise Fault("unsupported", f"device: '{name}' is unknown; give cpu or cuda:0")
