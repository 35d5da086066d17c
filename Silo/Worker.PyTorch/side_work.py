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
ROUNDS = (5, 11)  # of each stage; odd, so that the median is one of them; fewer where blocks are slow
LEAST_ROUNDS = 3  # one alone may be an outlier
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


def repetitions(shares: list[float], apart, one: float) -> list[int]:
    """For each variant, how many make its share of extra work; 0 where that is 0.

    A burst of them costs more than its repetitions do among themselves, and more again behind a whole block than behind
    its variant alone: other variants have had the caches meanwhile. So bursts are timed where they will be, in whole
    blocks, and the counts are brought nearer in stages by what a burst took of the sample it stands behind. Of that one,
    because a busy machine changes its speed: two times far apart say nothing of each other.

    `apart` takes a variant's place and a count; it gives the nanoseconds of a sample and of the side work behind it.
    """
    tried = [max(1, round(share * apart(place, 0)[0] / one)) if share else 0 for place, share in enumerate(shares)]
    begin = perf_counter()
    for stage, rounds in enumerate(ROUNDS, 1):
        seen: list[list[float]] = [[] for _ in shares]
        until = begin + stage * MOST_SECONDS / len(ROUNDS)
        while len(seen[0]) < LEAST_ROUNDS or (len(seen[0]) < rounds and perf_counter() < until):
            for place, count in enumerate(tried):
                own, burst = apart(place, count)
                seen[place].append(burst / own)
        tried = [
            max(1, round(count * share / max(median(taken), 1e-9))) if count else 0
            for share, taken, count in zip(shares, seen, tried)
        ]
    return tried
