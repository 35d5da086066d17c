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
STAGES = 3
ROUNDS = 5  # of a stage; odd, so that the median is one of them; fewer where the variant is slow
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
    where they will be, behind a sample of the variant, and the count is brought nearer in stages by what a burst took
    of the sample before it. Neighbours, because a busy machine changes its speed: two times far apart say nothing of
    each other.
    """
    begin = perf_counter()
    tried = max(1, round(kernel.extra_work * section.nanoseconds(kernel, iterations, 0) / one))
    for stage in range(1, STAGES + 1):
        shares: list[float] = []
        while not shares or (len(shares) < ROUNDS and perf_counter() - begin < stage * MOST_SECONDS / STAGES):
            own = section.nanoseconds(kernel, iterations, 0)
            shares.append(section.nanoseconds(NOTHING, 0, tried) / own)
        tried = max(1, round(tried * kernel.extra_work / median(shares)))
    return tried
