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
TF32_TOLERANCE = (1e-2, 1e-1)  # float32 whose products keep 10 bits; ReLU units near zero switch in the gradient
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
        self._tolerance, self._gradient_tolerance = (
            TF32_TOLERANCE if tf32 and dtype == "float32" else TOLERANCES[dtype]
        )

    def check(self, works: list[Workload]) -> list[Verdict]:
        verdicts: list[Verdict] = []
        answers: list[tuple[Workload, Answer]] = []
        expected, expected_for = None, None
        for work in works:
            try:
                if expected_for is None or not same_reference(work, expected_for):
                    expected, expected_for = reference(work, masked=self._dtype != "float64"), work
                answer = under_test(work, expected.kept)
                verdicts.append(self._against_reference(work, answer, expected))
                for other, earlier in answers:
                    if must_agree(work, other):
                        self._against_each_other(work, answer, other, earlier)
            except Exception as error:
                raise classify(error, work.label) from error
            if any(must_agree(work, w) for w in works if w is not work):
                answers.append((work, answer))
        return verdicts

    def _against_reference(self, work: Workload, answer: Answer, expected: Answer) -> Verdict:
        form = answer.output.shape, answer.output.dtype
        if form != (work.first_batch.shape, work.x.dtype):
            raise Fault(
                "incorrect",
                f"its output is {_form(*form)}; it must be {_form(work.first_batch.shape, work.x.dtype)}",
            )
        forward = self._compare("output", answer.output, expected.output, self._tolerance, "the float64 reference")
        gradient = None
        for name, value in expected.gradients.items():
            error = self._compare(
                f"gradient of {name}",
                answer.gradients[name],
                value,
                self._gradient_tolerance,
                "the float64 reference",
            )
            gradient = max(gradient or 0.0, error)
        return Verdict(forward, gradient, self._tolerance)

    def _against_each_other(self, work: Workload, answer: Answer, other: Workload, earlier: Answer) -> None:
        self._compare("output", answer.output, earlier.output.double(), self._tolerance, other.label)
        for name, value in earlier.gradients.items():
            self._compare(
                f"gradient of {name}", answer.gradients[name], value.double(), self._gradient_tolerance, other.label
            )

    def _compare(self, what: str, value, expected, tolerance: float, whom: str) -> float:
        error = relative_error(value, expected)
        if error is None:
            raise Fault("incorrect", f"its {what} has NaN or infinity")
        if error > tolerance:
            raise Fault(
                "incorrect",
                f"its {what} differs from {whom} by {error:.3g} of the largest value; "
                f"{self._dtype} allows {tolerance:g}",
            )
        return error


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
    import torch

    pass_, x = work.pass_, work.first_batch
    w = {n: work.variant.logical(n, t.detach()).double().requires_grad_(pass_.GRADIENTS) for n, t in work.weights.items()}
    head = {n: t.detach().double().requires_grad_(True) for n, t in work.head.items()}
    widest = max([x.shape[-1], *(size for t in w.values() for size in t.shape)])
    step = max(1, CHUNK_ELEMENTS // (x.shape[1] * widest))
    outputs, inputs, kepts = [], [], []
    for start in range(0, len(x), step):
        part = x[start : start + step].detach().double().requires_grad_(pass_.INPUT_GRADIENT)
        kinks = _Kinks()
        with torch.set_grad_enabled(pass_.GRADIENTS):
            y = work.variant.reference(work.parameters, w, part, kinks)
        outputs.append(y.detach())
        if not pass_.GRADIENTS:
            continue
        kept = kinks.kept(part.shape, part.device) if masked else torch.ones_like(part[..., :1], dtype=torch.bool)
        kepts.append(kept)
        y.register_hook(lambda g, kept=kept: g * kept)
        if work.labels is None:
            y.backward(work.g[start : start + step].double())
        else:
            pass_.reference_objective(head, y, work.labels[start : start + step][: len(part)], len(x)).backward()
        inputs.append(part.grad)
    answer = Answer(torch.cat(outputs))
    if pass_.GRADIENTS:
        answer.kept = torch.cat(kepts)
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

    def kept(self, shape, device):
        """[batch, seq_len, 1]; the clearest token always stays, so that a gradient is never judged by nothing."""
        import torch

        if self._margin is None:
            return torch.ones((*shape[:-1], 1), dtype=torch.bool, device=device)
        return self._margin >= self._margin.max().clamp(max=KINK)


def _form(shape, dtype) -> str:
    return f"{list(shape)} {str(dtype).replace('torch.', '')}"
