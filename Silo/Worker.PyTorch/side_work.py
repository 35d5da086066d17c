"""What a control runs inside its samples beside its own iterations, and how often: docs/protocol.md."""
from __future__ import annotations

from functools import partial
from statistics import median
from time import perf_counter

from workload import Kernel

# 16 KiB of float32, half of a first-level cache: it costs time and leaves the variant's data in the other caches alone.
ELEMENTS = 4096
# Of repetitions alone: the clock and the harness are then below 0.1% of it.
LEAST_NANOSECONDS = 2_000_000
MOST_ROUNDS = 15
MOST_SECONDS = 0.5
NOTHING = Kernel(run=lambda: None)


def make(device):
    """An addition in place. The step is small: a million of them stay finite, and no value is denormal."""
    import torch

    return partial(torch.ones(ELEMENTS, dtype=torch.float32, device=device.name).add_, 1e-3)


def one_nanoseconds(section) -> float:
    """Time of one repetition among many; doubling warms the side work up besides."""
    count = 64
    while section.nanoseconds(NOTHING, 0, count) < LEAST_NANOSECONDS:
        count *= 2
    return median(section.nanoseconds(NOTHING, 0, count) for _ in range(3)) / count


def repetitions(section, kernel: Kernel, iterations: int, one: float) -> int:
    """How many make the variant's extra work.

    A burst of them costs more than its repetitions, because the variant has just had the caches. So bursts are timed
    where they will be, behind a sample of the variant, and only their distance from what is wanted goes by the time of
    one repetition.
    """
    begin, own, bursts = perf_counter(), [section.nanoseconds(kernel, iterations, 0)], []
    tried = max(1, round(kernel.extra_work * own[0] / one))
    while not bursts or (len(bursts) < MOST_ROUNDS and perf_counter() - begin < MOST_SECONDS):
        own.append(section.nanoseconds(kernel, iterations, 0))
        bursts.append(section.nanoseconds(NOTHING, 0, tried))
    return max(1, round(tried + (kernel.extra_work * median(own) - median(bursts)) / one))
