"""The correctness gate: a variant's output and gradients against a float64 reference, before anything is timed."""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from faults import Fault, classify
from kinks import WIDTHS, Kinks, Sides
from workload import Workload

# Largest error of an output and of a gradient, relative to the reference's largest value; docs/protocol.md.
TOLERANCES = {
    "float64": (1e-10, 1e-10),
    "float32": (1e-5, 1e-4),
    "float16": (1e-2, 2e-2),
    "bfloat16": (5e-2, 1e-1),
}
TF32_TOLERANCE = TOLERANCES["float16"]  # float32 whose products keep 10 bits, as float16 does
# Where a type is so short that a deep variant's right answer may miss the tolerance (its ReLUs switch on rounding),
# the plain formula in that type says what can be had; the code under test may err twice as much.
YARDSTICK_FACTOR = 2
# A gradient smaller than this share of the largest one is zero but for the rounding of float64.
NOTHING = 1e-10
# Where a ReLU within rounding of zero reaches other tokens' gradients: how many times such units are put on one side or
# the other, and how much wider than the range of these gradients the right ones may lie (a few draws of many units).
SIDES_DRAWN = 6
SIDES_FACTOR = 3
CHUNK_ELEMENTS = 1 << 22  # of the widest tensor of a reference chunk: 32 MiB of float64


@dataclass
class Answer:
    """Of the reference in float64, of the code under test in its own type; gradients in the shared layout, by name."""

    output: Any  # [batch, seq_len, d_model] of the first batch
    gradients: dict[str, Any] = field(default_factory=dict)
    kept: Any = None  # [batch, seq_len, 1], False where gradients are not compared


@dataclass(frozen=True)
class Verdict:
    forward_error: float
    gradient_error: float | None
    tolerance: float


class Gate:
    """Checks the workloads of one cell."""

    def __init__(self, dtype: str, tf32: bool):
        self._dtype = dtype
        self._short = dtype in ("float16", "bfloat16") or (tf32 and dtype == "float32")
        self._tolerances = TF32_TOLERANCE if tf32 and dtype == "float32" else TOLERANCES[dtype]

    def check(self, works: list[Workload]) -> list[Verdict]:
        verdicts: list[Verdict] = []
        answers: list[tuple[Workload, Answer]] = []
        judge: _Judge | None = None
        for work in works:
            if work.idle:
                verdicts.append(Verdict(0.0, None, self._tolerances[0]))
                continue
            try:
                if judge is None or not same_reference(work, judge.work):
                    judge = _Judge(work, self._dtype, self._tolerances, self._short)
                answer = under_test(work, judge.expected.kept)
                verdicts.append(judge.against_reference(work, answer))
                for other, earlier in answers:
                    if must_agree(work, other):
                        judge.against(answer, earlier, other.label)
            except Exception as error:
                raise classify(error, work.label) from error
            if any(must_agree(work, w) for w in works if w is not work):
                answers.append((work, answer))
        return verdicts


class _Judge:
    """The reference of one formula at one set of parameters, and how far from it an answer may be."""

    def __init__(self, work: Workload, dtype: str, tolerances: tuple[float, float], short: bool):
        self.work = work
        masked = dtype != "float64" and not mixes(work)
        self.expected = reference(work, Kinks, Kinks.kept if masked else _no_mask)
        self._dtype, self._tolerances, self._short = dtype, tolerances, short
        self._yardstick: Answer | None = None
        self._sides: list[Answer] | None = None

    def against_reference(self, work: Workload, answer: Answer) -> Verdict:
        form = answer.output.shape, answer.output.dtype
        shape = work.turned(work.first_batch).shape
        if form != (shape, work.x.dtype):
            must = _form(shape, work.x.dtype)
            raise Fault("incorrect", f"its output is {_form(*form)}; it must be {must}")
        forward, tolerance, gradient = self.against(answer, self.expected, "the float64 reference")
        return Verdict(forward, gradient, tolerance)

    def against(self, answer: Answer, other: Answer, whom: str) -> tuple[float, float, float | None]:
        """(error of the output, what was allowed, greatest error of a gradient or None)."""
        forward, allowed = self._compare("output", answer.output, other.output, None, whom)
        gradients = [
            self._compare(f"gradient of {name}", answer.gradients[name], value, name, whom)[0]
            for name, value in other.gradients.items()
        ]
        return forward, allowed, max(gradients, default=None)

    def _compare(self, what: str, value, other, name: str | None, whom: str) -> tuple[float, float]:
        error = relative_error(value, other.double(), self._scale(name))
        if error is None:
            raise Fault("incorrect", f"its {what} has NaN or infinity")
        allowed = self._tolerances[0 if name is None else 1]
        if error > allowed and self._short:
            allowed = max(allowed, YARDSTICK_FACTOR * self._error_of_plain_formula(name))
        if error > allowed and not self._is_a_matter_of_sides(name, value, other, allowed):
            raise Fault(
                "incorrect",
                f"its {what} differs from {whom} by {error:.3g} of the largest value; "
                f"{self._dtype} allows {allowed:.3g}",
            )
        return error, allowed

    def _error_of_plain_formula(self, name: str | None) -> float:
        if self._yardstick is None:
            self._yardstick = plain_formula(self.work, self.expected.kept)
        plain, expected, scale = self._yardstick, self.expected, self._scale(name)
        if name is None:
            return relative_error(plain.output, expected.output, scale) or 0.0
        return relative_error(plain.gradients[name], expected.gradients[name], scale) or 0.0


    def _is_a_matter_of_sides(self, name: str | None, value, other, allowed: float) -> bool:
        """Whether a gradient is as it can be where ReLUs within rounding of zero may be on either side, element by
        element."""
        import torch

        if name is None or not mixes(self.work) or self._dtype == "float64":
            return False
        if self._sides is None:
            width = WIDTHS["float16" if self._short and self._dtype == "float32" else self._dtype]
            self._sides = [reference(self.work, partial(Sides, draw, width)) for draw in range(SIDES_DRAWN)]
        low = high = self.expected.gradients[name]
        for side in self._sides:
            low, high = torch.minimum(low, side.gradients[name]), torch.maximum(high, side.gradients[name])
        beyond = (value.double() - other.double()).abs() - SIDES_FACTOR * (high - low)
        return float(beyond.max()) <= allowed * self._scale(name)

    def _scale(self, name: str | None) -> float:
        """The reference's largest value. Of a gradient that is nothing but rounding, because what it is of has no effect
        here (queries over a single time step), the largest of all gradients."""
        if name is None:
            return _largest(self.expected.output)
        own = _largest(self.expected.gradients[name])
        of_all = max(_largest(g) for g in self.expected.gradients.values())
        return own if own > NOTHING * of_all else of_all


def mixes(work: Workload) -> bool:
    """Whether a token's ReLU reaches the gradients of other tokens, so that leaving its token out is not enough."""
    return getattr(work.variant, "MIXES", False)


def relative_error(value, expected, scale: float) -> float | None:
    """max|y - r| / scale; None where a value is not finite."""
    import torch

    if not bool(torch.isfinite(value).all()):
        return None
    difference = float((value.double() - expected).abs().max())
    return difference / scale if scale > 0 else difference


def _largest(tensor) -> float:
    return float(tensor.abs().max())


def must_agree(a: Workload, b: Workload) -> bool:
    """The same variant twice, or two that name each other, at the same parameters and so with the same weights."""
    first, second = a.variant.VARIANT, b.variant.VARIANT
    related = first.name == second.name or second.name in first.equal_to or first.name in second.equal_to
    return related and a.parameters == b.parameters


def same_reference(a: Workload, b: Workload) -> bool:
    """Weights are drawn by name, so one formula at the same parameters has one answer."""
    return a.variant.reference is b.variant.reference and a.parameters == b.parameters


def under_test(work: Workload, kept) -> Answer:
    """Runs the very function that is timed, dropout off."""
    import torch

    forward, x = work.forward(timed=False), work.first_batch.detach()
    if not work.pass_.GRADIENTS:
        with torch.inference_mode():
            return Answer(work.turned(forward(x)).clone())
    x.requires_grad_(work.pass_.INPUT_GRADIENT)
    y = forward(x)
    # A gradient of the wrong shape could not even flow: the shape is judged without it.
    if y.shape != x.shape:
        return Answer(work.turned(y).detach())
    hook = y.register_hook(lambda g: g * work.turned(kept)) if kept is not None else None
    if work.labels is None:
        y.backward(work.g)
    else:
        work.pass_.objective(work.head, y, work.first_labels).backward()
    if hook is not None:
        hook.remove()
    gradients = {"x": work.turned(x.grad)} if work.pass_.INPUT_GRADIENT else {}
    for name, tensor in {**work.weights, **work.head}.items():
        gradients[name] = work.logical(name, _taken(tensor))
    return Answer(work.turned(y).detach(), gradients)


def _taken(tensor):
    """The gradient, zero where none flowed; the tensor is left without."""
    import torch

    gradient, tensor.grad = tensor.grad, None
    return torch.zeros_like(tensor) if gradient is None else gradient


def _no_mask(kinks: Kinks) -> None:
    """Gradients are compared everywhere."""


def reference(work: Workload, kinks, kept=_no_mask) -> Answer:
    """The variant's plain formula in float64 over the values the code under test gets, a few sequences at a time."""
    shared = work.turned(work.x)
    largest = max([shared.shape[-1], *(size for t in work.weights.values() for size in t.shape)])
    elements = shared.shape[1] * largest
    if hasattr(work.variant, "widest"):
        elements = max(elements, work.variant.widest(work.parameters))
    step = max(1, CHUNK_ELEMENTS // elements)
    return _by_formula(work, lambda t: t.double(), step, kinks, kept)


def plain_formula(work: Workload, kept) -> Answer:
    """The same in the type under test, with the tokens that the reference keeps."""
    step = len(work.first_batch)
    return _by_formula(work, lambda t: t.clone(), step, Kinks, lambda _: kept)


def _by_formula(work: Workload, cast, step: int, made, mask) -> Answer:
    import torch

    pass_, x = work.pass_, work.turned(work.first_batch)
    g = None if work.g is None else work.turned(work.g)
    w = {n: cast(work.logical(n, t.detach())).requires_grad_(pass_.GRADIENTS) for n, t in work.weights.items()}
    head = {n: cast(work.logical(n, t.detach())).requires_grad_(True) for n, t in work.head.items()}
    outputs, inputs, kepts = [], [], []
    for start in range(0, len(x), step):
        part = cast(x[start : start + step].detach()).requires_grad_(pass_.INPUT_GRADIENT)
        kinks = made()
        with torch.set_grad_enabled(pass_.GRADIENTS):
            y = work.variant.reference(work.parameters, w, part, kinks)
        outputs.append(y.detach())
        if not pass_.GRADIENTS:
            continue
        kept = mask(kinks)
        if kept is not None:
            kepts.append(kept)
            y.register_hook(lambda g, kept=kept: g * kept)
        if work.labels is None:
            y.backward(cast(g[start : start + step]))
        else:
            labels = work.first_labels[start : start + len(part)]
            pass_.reference_objective(head, y, labels, len(x)).backward()
        inputs.append(part.grad)
    answer = Answer(torch.cat(outputs))
    if pass_.GRADIENTS:
        answer.kept = torch.cat(kepts) if kepts else None
        if pass_.INPUT_GRADIENT:
            answer.gradients["x"] = torch.cat(inputs)
        answer.gradients.update({n: _taken(t) for n, t in {**w, **head}.items()})
    return answer


def _form(shape, dtype) -> str:
    return f"{list(shape)} {str(dtype).replace('torch.', '')}"
