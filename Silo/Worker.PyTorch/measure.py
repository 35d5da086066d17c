"""Warm-up, calibration and randomised interleaved blocks; docs/protocol.md has the rules."""
from __future__ import annotations

import gc
from collections import deque
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from time import perf_counter_ns
from typing import Callable

import counters
import side_work
from faults import classify
from workload import Kernel

TREND_BLOCKS = 10
# Two-sided p > 0.05 for ten values without ties (Kendall 1938; Mann 1945, doi:10.2307/1907187).
TREND_LIMIT = 23
# Enough that the same work gets nearly the same count: what a sample costs beside its iterations is shared over them.
CALIBRATION_TIMES = 25
FLUSH_NANOSECONDS = 250_000_000


@dataclass(frozen=True)
class Rules:
    minimum_sample_nanoseconds: int
    warm_up_minimum_seconds: float
    warm_up_maximum_seconds: float


@dataclass(frozen=True)
class WarmUp:
    seconds: float
    blocks: int
    steady: bool
    iterations: list[int]


def kendall_s(values) -> int:
    """Concordant minus discordant pairs of the values against their places; 0 for no trend."""
    values = list(values)
    return sum((b > a) - (b < a) for i, a in enumerate(values) for b in values[i + 1 :])


class Section:
    """Times iterations of a kernel: counters, clock, loop, synchronise, clock, counters."""

    def __init__(self, device) -> None:
        self._device = device
        self._counters = counters.Counters()
        self._side = side_work.make(device)

    def wall(self, kernel: Kernel, iterations: int) -> int:
        return self._time(kernel, iterations, 0)[0]

    def row(self, kernel: Kernel, iterations: int, side_repetitions: int) -> tuple[int, ...]:
        """wall_ns, cpu_ns, device_ns, involuntary, pressure_us, start_ns; -1 where unknown."""
        wall, before, after, start, _ = self._time(kernel, iterations, side_repetitions)
        cpu, involuntary, pressure = counters.difference(before, after)
        return wall, cpu, self._device.device_nanoseconds(), involuntary, pressure, start

    def nanoseconds(self, kernel: Kernel, iterations: int, side_repetitions: int) -> int:
        """By the clock that ratios are taken by, at least 1."""
        wall = self._time(kernel, iterations, side_repetitions)[0]
        device = self._device.device_nanoseconds()
        return max(1, device if device >= 0 else wall)

    def apart(self, kernel: Kernel, iterations: int, side_repetitions: int) -> tuple[int, int]:
        """Nanoseconds of the iterations and of the side work behind them. A device's own clock cannot be split: there
        the side work is timed after the kernel."""
        if self._device.has_clock:
            own = self.nanoseconds(kernel, iterations, 0)
            return own, self.nanoseconds(side_work.NOTHING, 0, side_repetitions) if side_repetitions else 0
        wall, _, _, _, own = self._time(kernel, iterations, side_repetitions)
        return max(1, own), wall - own

    def _time(self, kernel: Kernel, iterations: int, side_repetitions: int):
        """Wall time, counters before and after, start, and the wall time of the iterations alone."""
        if kernel.restore is not None:
            kernel.restore()
        run, side, read, device = kernel.run, self._side, self._counters.read, self._device
        again, beside = repeat(None, iterations), repeat(None, side_repetitions)
        with kernel.context():
            before = read()
            device.begin()
            start = perf_counter_ns()
            for _ in again:
                run()
            middle = perf_counter_ns()
            for _ in beside:
                side()
            device.end()
            stop = perf_counter_ns()
            after = read()
        if kernel.after is not None:
            kernel.after()
        return stop - start, before, after, start, middle - start


def warm_up(kernels: list[tuple[str, Kernel]], section: Section, rules: Rules) -> WarmUp:
    """Whole blocks of one iteration each until no trend is left, or the maximum is reached."""
    minimum, maximum = rules.warm_up_minimum_seconds * 1e9, rules.warm_up_maximum_seconds * 1e9
    recent = [deque(maxlen=CALIBRATION_TIMES) for _ in kernels]
    totals: deque = deque(maxlen=TREND_BLOCKS)
    begin, blocks, steady = perf_counter_ns(), 0, False
    while True:
        total = 0
        for (label, kernel), times in zip(kernels, recent):
            wall = _guarded(label, section.wall, kernel, 1)
            times.append(wall)
            total += wall
        totals.append(total)
        blocks += 1
        elapsed = perf_counter_ns() - begin
        if elapsed >= minimum and len(totals) == TREND_BLOCKS and abs(kendall_s(totals)) < TREND_LIMIT:
            steady = True
            break
        if elapsed >= maximum:
            break
    iterations = [
        1 if kernel.once else iterations_for(rules.minimum_sample_nanoseconds, median(times))
        for (_, kernel), times in zip(kernels, recent)
    ]
    return WarmUp((perf_counter_ns() - begin) / 1e9, blocks, steady, iterations)


def iterations_for(minimum_nanoseconds: int, one_nanoseconds: float) -> int:
    return max(1, -int(-minimum_nanoseconds // max(one_nanoseconds, 1)))


def side_repetitions(kernels: list[tuple[str, Kernel]], iterations: list[int], section: Section) -> list[int]:
    """For each variant, how often its samples run the side work; 0 where it is no control."""
    if not any(kernel.extra_work for _, kernel in kernels):
        return [0] * len(kernels)

    def apart(place: int, count: int) -> tuple[int, int]:
        label, kernel = kernels[place]
        return _guarded(label, section.apart, kernel, iterations[place], count)

    shares = [kernel.extra_work for _, kernel in kernels]
    return side_work.repetitions(shares, apart, side_work.one_nanoseconds(section))


def blocks(
    kernels: list[tuple[str, Kernel]],
    orders: list[list[int]],
    iterations: list[int],
    side: list[int],
    section: Section,
    send: Callable[[list[tuple[int, ...]]], None],
) -> float:
    """Times every variant once a block in the order given; sends rows between blocks. Returns seconds."""
    begin = sent = perf_counter_ns()
    rows: list[tuple[int, ...]] = []
    for block, order in enumerate(orders):
        for position, place in enumerate(order):
            label, kernel = kernels[place]
            n = iterations[place]
            rows.append((place, block, position, n, *_guarded(label, section.row, kernel, n, side[place])))
        now = perf_counter_ns()
        if now - sent >= FLUSH_NANOSECONDS:
            send(rows)
            rows, sent = [], perf_counter_ns()
    if rows:
        send(rows)
    return (perf_counter_ns() - begin) / 1e9


class NoCollection:
    """Python's cyclic collector stays off from before the warm-up until the last block; what was there is set aside."""

    def __enter__(self) -> None:
        gc.collect()
        gc.freeze()
        gc.disable()

    def __exit__(self, *_) -> None:
        gc.enable()
        gc.unfreeze()


def _guarded(label: str, call, *arguments):
    try:
        return call(*arguments)
    except Exception as error:
        raise classify(error, label) from error
