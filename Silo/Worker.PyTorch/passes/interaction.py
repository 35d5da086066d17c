"""Does the layer let two tokens interact at all? The mixed second difference, without training."""
from __future__ import annotations

from catalogue import Pass, Tensor
from faults import Fault

MOST_DISTANCES = 64
PASS = Pass(
    name="interaction",
    summary="the largest mixed second difference of the layer's output in two tokens, relative to the largest output, in "
    "float64; exactly 0 where no output depends on the two jointly",
    axes=(),
    flops_factor=str(2 + 2 * MOST_DISTANCES),
    memory_factor="4",
    kind="quality",
    metric="interaction",
    guess=None,
)
GRADIENTS = False
INPUT_GRADIENT = False
# Inputs and weights are rounded to multiples of 2^-8, so that sums of products of a few of them are exact in float64
# and what cancels on paper cancels in bits.
GRID = 256.0
# What a long chain of layers leaves of rounding; relative to the largest output, and a thousand times float64's own.
ROUNDING = 1e-12


def tensors(p: dict) -> tuple[Tensor, ...]:
    return ()


def check(p: dict) -> None:
    from passes import _learning

    _learning.require(p["seq_len"] >= 2, "seq_len", "is 1; give at least 2, for two tokens to interact")


def distances(length: int) -> list[int]:
    """1 to length - 1, all of them or 64 in steps of a constant factor."""
    most = length - 1
    if most <= MOST_DISTANCES:
        return list(range(1, most + 1))
    return sorted({round(most ** (i / (MOST_DISTANCES - 1))) for i in range(MOST_DISTANCES)})


def examine(work) -> tuple[list[list[float]], float]:
    """([[distance, difference] ...], the largest output).

    For tokens 0 and j: max |f(both changed) - f(0 changed) - f(j changed) + f(none changed)| over sequences, tokens and
    features, f the plain formula that the gate holds the code to. A change replaces a token by other N(0, 1) numbers.
    """
    import torch

    with torch.inference_mode():
        x = _on_grid(work.turned(work.first_batch))
        other = _on_grid(work.inputs.normal("x2", tuple(x.shape)))
        w = {n: _on_grid(work.logical(n, t)) for n, t in work.weights.items()}

        def f(value):
            return work.variant.reference(work.parameters, w, value, lambda z: z)

        def changed(value, token: int):
            value = value.clone()
            value[:, token] = other[:, token]
            return value

        first = changed(x, 0)
        y, y_first = f(x), f(first)
        largest, found = float(y.abs().max()), []
        for j in distances(x.shape[1]):
            y_second, y_both = f(changed(x, j)), f(changed(first, j))
            found.append([j, float((y_both - y_first - (y_second - y)).abs().max())])
            largest = max(largest, *(float(v.abs().max()) for v in (y_second, y_both)))
    return found, largest


def _on_grid(tensor):
    return (tensor.detach().double() * GRID).round() / GRID


class Study:
    def __init__(self, work) -> None:
        self._work = work

    def run(self, rungs: list[int], line):
        import math
        import time

        from training import Learnt

        start = time.perf_counter()
        found, largest = examine(self._work)
        if not all(math.isfinite(value) for _, value in found):
            raise Fault("incorrect", "its plain formula has NaN or infinity", self._work.label)
        share = [[j, 0.0 if d <= ROUNDING * largest else d / largest] for j, d in found]
        values = {"interaction": max(value for _, value in share)}
        line.progress(0, values)
        return Learnt("finished", 0, time.perf_counter() - start, values, {"interaction": share})


study = Study
