"""One training run: steps, evaluations, the rungs where the engine may end it; docs/protocol.md has the words."""
from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Protocol

SOLVED = 0.995
EVALUATE_EVERY = 50
PROGRESS_SECONDS = 0.5
# A mean cross-entropy of a million nats is no transient: nothing comes back from there, and Adam, whose steps do not
# grow with the gradient, may hover there for long before a number overflows.
DIVERGED_LOSS = 1e6


class Task(Protocol):
    """What is trained: a model with its data and optimiser."""

    steps: int

    def step(self, number: int) -> float:
        """One optimiser step, counted from 1; the loss before it."""

    def evaluate(self) -> tuple[float, float]:
        """(accuracy, mean loss) on held-out data."""


@dataclass
class Learnt:
    """How a run ended; `values` are empty where it diverged."""

    status: str  # finished, solved, pruned or diverged
    steps: int
    seconds: float  # in training steps: evaluations and waiting for the engine are not in it
    values: dict[str, float] = field(default_factory=dict)
    series: dict[str, list[list[float]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """To the engine and back, for one variant. What is studied of a variant is an object with `run(rungs, line)`."""

    progress: Callable[[int, dict[str, float]], Any]
    decide: Callable[[int, float], bool]  # at a rung: whether to go on


@dataclass(frozen=True)
class Training:
    task: Task

    def run(self, rungs: list[int], line: Line) -> Learnt:
        return train(self.task, rungs, line)


def train(task: Task, rungs: list[int], line: Line) -> Learnt:
    clock = time.perf_counter
    seconds, told = 0.0, clock()
    series: dict[str, list[list[float]]] = {"accuracy": [], "loss": []}
    for number in range(1, task.steps + 1):
        start = clock()
        loss = task.step(number)
        seconds += clock() - start
        if not abs(loss) <= DIVERGED_LOSS:
            return Learnt("diverged", number, seconds, {}, series)
        last, rung = number == task.steps, number in rungs
        if not (last or rung or number % EVALUATE_EVERY == 0):
            if clock() - told >= PROGRESS_SECONDS:
                line.progress(number, {"loss": loss})
                told = clock()
            continue
        accuracy, loss = task.evaluate()
        if not abs(loss) <= DIVERGED_LOSS:
            return Learnt("diverged", number, seconds, {}, series)
        values = {"accuracy": accuracy, "loss": loss}
        for name, value in values.items():
            series[name].append([number, value])
        line.progress(number, values)
        told = clock()
        if accuracy >= SOLVED:
            return Learnt("solved", number, seconds, values, series)
        if last:
            return Learnt("finished", number, seconds, values, series)
        if rung and not line.decide(number, accuracy):
            return Learnt("pruned", number, seconds, values, series)
    raise AssertionError("a run has at least one step")


def warm_up_then_cosine(number: int, steps: int, warm_up: float = 0.05) -> float:
    """The learning rate's factor at a step counted from 1: up in a straight line over the first 5% of the steps, then
    down to 0 along half a cosine (Loshchilov and Hutter 2017, arXiv:1608.03983)."""
    rise = max(1, round(warm_up * steps))
    if number <= rise:
        return number / rise
    return 0.5 * (1 + math.cos(math.pi * (number - rise) / max(1, steps - rise)))
