"""What a control runs inside its samples beside its own iterations, and how often: docs/protocol.md."""
from __future__ import annotations

from functools import partial
from statistics import median
from time import perf_counter

from workload import Kernel

# 16 KiB of float32, half of a first-level cache: it costs time and leaves the variant's data in the other caches alone.
ELEMENTS = 4096
# Of one sample of the side work: the clock and the harness are then below 0.1% of it.
LEAST_NANOSECONDS = 2_000_000
MOST_ROUNDS = 9
MOST_SECONDS = 0.5
NOTHING = Kernel(run=lambda: None)


def make(device):
    """An addition in place. The step is small: a million of them stay finite, and no value is denormal."""
    import torch

    return partial(torch.ones(ELEMENTS, dtype=torch.float32, device=device.name).add_, 1e-3)


def long_enough(section) -> int:
    """Repetitions that take the least time; doubling warms the side work up besides."""
    repetitions = 64
    while section.nanoseconds(NOTHING, 0, repetitions) < LEAST_NANOSECONDS:
        repetitions *= 2
    return repetitions


def repetitions(section, kernel: Kernel, iterations: int, side: int) -> int:
    """From whole samples of the variant and of the side work in turn, so that both see the same machine."""
    begin, per_sample = perf_counter(), []
    while not per_sample or (len(per_sample) < MOST_ROUNDS and perf_counter() - begin < MOST_SECONDS):
        own = section.nanoseconds(kernel, iterations, 0)
        per_sample.append(own * side / section.nanoseconds(NOTHING, 0, side))
    return round(kernel.extra_work * median(per_sample))
