"""The correctness gate: a variant's output and gradients against a float64 reference, before anything is timed."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from faults import Fault, classify
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
CHUNK_ELEMENTS = 1 << 22  # of the widest tensor of a reference chunk: 32 MiB of float64
# A ReLU whose input is nearer to zero than rounding can tell has two right gradients. Such tokens get none, in the
# reference and in the code under test, so that a correct variant of 10^7 hidden units is not called wrong.
KINK = 1e-5


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
        self.expected = reference(work, masked=dtype != "float64")
        self._dtype, self._tolerances, self._short = dtype, tolerances, short
        self._yardstick: Answer | None = None

    def against_reference(self, work: Workload, answer: Answer) -> Verdict:
        form = answer.output.shape, answer.output.dtype
        if form != (work.first_batch.shape, work.x.dtype):
            must = _form(work.first_batch.shape, work.x.dtype)
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
        error = relative_error(value, other.double())
        if error is None:
            raise Fault("incorrect", f"its {what} has NaN or infinity")
        allowed = self._tolerances[0 if name is None else 1]
        if error > allowed and self._short:
            allowed = max(allowed, YARDSTICK_FACTOR * self._error_of_plain_formula(name))
        if error > allowed:
            raise Fault(
                "incorrect",
                f"its {what} differs from {whom} by {error:.3g} of the largest value; "
                f"{self._dtype} allows {allowed:.3g}",
            )
        return error, allowed

    def _error_of_plain_formula(self, name: str | None) -> float:
        if self._yardstick is None:
            self._yardstick = plain_formula(self.work, self.expected.kept)
        plain, expected = self._yardstick, self.expected
        if name is None:
            return relative_error(plain.output, expected.output) or 0.0
        return relative_error(plain.gradients[name], expected.gradients[name]) or 0.0


def relative_error(value, expected) -> float | None:
    """max|y - r| / max|r|; None where a value is not finite."""
    import torch

    if not bool(torch.isfinite(value).all()):
        return None
    difference = float((value.double() - expected).abs().max())
    largest = float(expected.abs().max())
    return difference / largest if largest > 0 else difference


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
            return Answer(forward(x).clone())
    x.requires_grad_(work.pass_.INPUT_GRADIENT)
    y = forward(x)
    # A gradient of the wrong shape could not even flow: the shape is judged without it.
    if y.shape != x.shape:
        return Answer(y.detach())
    hook = y.register_hook(lambda g: g * kept) if kept is not None else None
    if work.labels is None:
        y.backward(work.g)
    else:
        work.pass_.objective(work.head, y, work.labels[: len(x)]).backward()
    if hook is not None:
        hook.remove()
    gradients = {"x": x.grad} if work.pass_.INPUT_GRADIENT else {}
    for name, tensor in work.weights.items():
        gradients[name] = work.variant.logical(name, _taken(tensor))
    for name, tensor in work.head.items():
        gradients[name] = _taken(tensor)
    return Answer(y.detach(), gradients)


def _taken(tensor):
    """The gradient, zero where none flowed; the tensor is left without."""
    import torch

    gradient, tensor.grad = tensor.grad, None
    return torch.zeros_like(tensor) if gradient is None else gradient


def reference(work: Workload, masked: bool) -> Answer:
    """The variant's plain formula in float64 over the values the code under test gets, a few sequences at a time."""
    widest = max([work.x.shape[-1], *(size for t in work.weights.values() for size in t.shape)])
    step = max(1, CHUNK_ELEMENTS // (work.x.shape[1] * widest))
    return _by_formula(work, lambda t: t.double(), step, _Kinks.kept if masked else lambda kinks: None)


def plain_formula(work: Workload, kept) -> Answer:
    """The same in the type under test, with the tokens that the reference keeps."""
    step = len(work.first_batch)
    return _by_formula(work, lambda t: t.clone(), step, lambda kinks: kept)


def _by_formula(work: Workload, cast, step: int, mask) -> Answer:
    import torch

    pass_, x = work.pass_, work.first_batch
    w = {n: cast(work.variant.logical(n, t.detach())).requires_grad_(pass_.GRADIENTS) for n, t in work.weights.items()}
    head = {n: cast(t.detach()).requires_grad_(True) for n, t in work.head.items()}
    outputs, inputs, kepts = [], [], []
    for start in range(0, len(x), step):
        part = cast(x[start : start + step].detach()).requires_grad_(pass_.INPUT_GRADIENT)
        kinks = _Kinks()
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
            y.backward(cast(work.g[start : start + step]))
        else:
            labels = work.labels[start : start + len(part)]
            pass_.reference_objective(head, y, labels, len(x)).backward()
        inputs.append(part.grad)
    answer = Answer(torch.cat(outputs))
    if pass_.GRADIENTS:
        answer.kept = torch.cat(kepts) if kepts else None
        if pass_.INPUT_GRADIENT:
            answer.gradients["x"] = torch.cat(inputs)
        answer.gradients.update({n: _taken(t) for n, t in {**w, **head}.items()})
    return answer


class _Kinks:
    """Collects, for each token, how near the inputs of its ReLUs come to zero, relative to their root mean square."""

    def __init__(self) -> None:
        self._margin = None

    def __call__(self, z) -> None:
        import torch

        z = z.detach()
        margin = z.abs().amin(-1, keepdim=True) / z.square().mean().sqrt()
        self._margin = margin if self._margin is None else torch.minimum(self._margin, margin)

    def kept(self):
        """[batch, seq_len, 1], None where nothing has a kink. The clearest token always stays: a gradient is never
        judged by nothing."""
        return None if self._margin is None else self._margin >= self._margin.max().clamp(max=KINK)


def _form(shape, dtype) -> str:
    return f"{list(shape)} {str(dtype).replace('torch.', '')}"
