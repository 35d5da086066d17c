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
FIRST_TIMES = 3
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
    blocks, and only their distance from what is wanted goes by the time of one repetition.

    `apart` takes a variant's place and a count; it gives the nanoseconds of a sample and of the side work behind it.
    """
    # One time alone may be an outlier, and so far off that a correction by single repetitions goes wrong.
    first = [median(apart(place, 0)[0] for _ in range(FIRST_TIMES)) for place in range(len(shares))]
    tried = [max(1, round(share * time / one)) if share else 0 for share, time in zip(shares, first)]
    seen: list[list[tuple[int, int]]] = [[] for _ in shares]
    begin = perf_counter()
    while not seen[0] or (len(seen[0]) < MOST_ROUNDS and perf_counter() - begin < MOST_SECONDS):
        for place, count in enumerate(tried):
            seen[place].append(apart(place, count))
    return [_count(share, times, count, one) if count else 0 for share, times, count in zip(shares, seen, tried)]


def _count(share: float, seen: list[tuple[int, int]], tried: int, one: float) -> int:
    """What a burst adds is its share of the sample it stands behind: where the machine is slow for a while both are."""
    added = median(burst / own for own, burst in seen)
    return max(1, round(tried + (share - added) * median(own for own, _ in seen) / one))
