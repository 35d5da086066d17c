"""One variant of a cell made concrete: its tensors on the device and the functions over them."""
from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, Callable

import catalogue
import generator
import layout
from faults import Fault


# The greatest share of its own time that a variant can be given as extra work.
MOST_EXTRA_WORK = 100


@dataclass(frozen=True)
class Kernel:
    """What is timed: `run` is one iteration. Whatever changes the work of an iteration wraps `run`."""

    run: Callable[[], Any]
    restore: Callable[[], None] | None = None  # back to the first weights, before each sample, not timed
    context: Callable = nullcontext  # entered around the timed loop
    drop: Callable[[], None] | None = None  # frees what an iteration leaves behind, its gradients
    once: bool = False  # a sample is always one iteration
    after: Callable[[], None] | None = None  # after each sample, not timed
    series: Callable[[], dict] | None = None  # what the samples so far have learnt, curves by name
    extra_work: float = 0  # side work inside each sample, as a share of the variant's own time


@dataclass
class Workload:
    """A variant under a label, with weights of its own: training changes them, and sharing would share caches."""

    label: str
    variant: ModuleType
    pass_: ModuleType
    parameters: dict[str, Any]
    x: Any  # [batch, seq_len, d_model], for an epoch [samples, seq_len, d_model], in the variant's layout
    g: Any = None  # gradient of the output, shaped like it
    labels: Any = None  # [samples], 0 or 1
    weights: dict[str, Any] = field(default_factory=dict)  # in the variant's own layout
    head: dict[str, Any] = field(default_factory=dict)  # the pass's trainable tensors
    extra_work: float = 0
    inputs: Inputs | None = None  # what its tensors were drawn by

    @property
    def trainable(self) -> list:
        return [*self.weights.values(), *self.head.values()]

    @property
    def parameter_count(self) -> int:
        return sum(t.numel() for t in self.weights.values())

    @property
    def first_batch(self):
        """On the device, wherever the data lie."""
        return self.x[: self.parameters["batch"]].to(self.inputs.device)

    @property
    def first_labels(self):
        return self.labels[: self.parameters["batch"]].to(self.inputs.device)

    @property
    def idle(self) -> bool:
        """The variant brings an iteration of its own that computes nothing: nothing to check, whatever the pass."""
        return hasattr(self.variant, "iteration")

    def turned(self, tensor):
        """A sequence from the variant's layout to the shared one, or back."""
        return layout.turned(self.variant, tensor)

    def logical(self, name: str, tensor):
        """A weight of the variant or of the pass's head, in the shared layout."""
        if name in self.head:
            return layout.head_logical(self.variant, tensor, self.parameters)
        return self.variant.logical(name, tensor, self.parameters)

    def kernel(self) -> Kernel:
        made = Kernel(run=self.variant.iteration) if self.idle else self.pass_.kernel(self)
        return replace(made, extra_work=self.extra_work)

    def forward(self, timed: bool) -> Callable:
        return self.variant.build(self.parameters, self.weights, timed)


class Inputs:
    """The tensors that variants of a cell share, made once for each shape."""

    def __init__(self, seed: int, device: str, dtype: str, home: str | None = None):
        self.seed, self.device, self.dtype, self.home = seed, device, dtype, home or device
        self._made: dict = {}
        self._host: Inputs | None = None

    @property
    def on_host(self) -> Inputs:
        """The same numbers, drawn on the device and kept in host memory, which may be larger."""
        if self._host is None:
            self._host = Inputs(self.seed, self.device, self.dtype, "cpu")
        return self._host

    def normal(self, name: str, shape: tuple[int, ...]):
        return self._once(
            (name, shape),
            lambda: generator.normal(name, shape, self.seed, self.device, self.dtype, home=self.home),
        )

    def sequences(self, variant: ModuleType, name: str, shape: tuple[int, ...]):
        """`normal` in the variant's layout."""
        shared = self.normal(name, shape)
        if not layout.channels_first(variant):
            return shared
        return self._once((name, shape, layout.CHANNELS_FIRST), lambda: layout.turned(variant, shared).contiguous())

    def coin(self, name: str, shape: tuple[int, ...]):
        """Bernoulli(0.5) as 0 and 1 in float32, the least type a loss is computed in."""

        def make():
            import torch

            dtype = torch.float64 if self.dtype == "float64" else torch.float32
            return (generator.uniform(name, shape, self.seed, self.device) < 0.5).to(self.home, dtype)

        return self._once((name, shape), make)

    def _once(self, key, make):
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


def make(use: dict, variant: ModuleType, pass_: ModuleType, inputs: Inputs):
    """Draws the weights and inputs of one `prepare` entry."""
    label = use.get("label", variant.VARIANT.name)
    seed, device, dtype = inputs.seed, inputs.device, inputs.dtype
    p = resolve(use.get("parameters", {}), variant.VARIANT.axes + pass_.PASS.axes, label)
    shape = (p.get("samples", p["batch"]), p.get("seq_len", 1), p.get("d_model", 1))
    data = inputs.on_host if p.get("data") == "host" else inputs
    x = data.sequences(variant, "x", shape)
    work = Workload(label, variant, pass_, p, x, extra_work=extra_work(use, label), inputs=inputs)
    if pass_.PASS.kind == "quality":
        _require_learner(work)
    if work.idle:
        return work
    if pass_.GRADIENTS and not hasattr(pass_, "objective"):
        work.g = inputs.sequences(variant, "g", shape)
    if hasattr(pass_, "objective"):
        work.labels = data.coin("labels", shape[:1])
    if pass_.INPUT_GRADIENT:
        work.x.requires_grad_(True)
    for tensor in variant.tensors(p):
        first = generator.weight(tensor, seed, device, dtype)
        work.weights[tensor.name] = variant.native(tensor.name, first, p).requires_grad_(pass_.GRADIENTS)
    for tensor in pass_.tensors(p):
        first = generator.weight(tensor, seed, device, dtype)
        work.head[tensor.name] = layout.head_native(variant, first, p).requires_grad_(True)
    if pass_.GRADIENTS and not pass_.INPUT_GRADIENT and not work.trainable:
        why = f"{pass_.PASS.name}: {variant.VARIANT.name} has nothing to train here; give forward or forward_backward"
        raise Fault("unsupported", why)
    return work


def _require_learner(work: Workload) -> None:
    """Whether the variant can be trained at this point at all."""
    name = work.pass_.PASS.name
    if work.idle:
        raise Fault("unsupported", f"{name}: {work.label} is no layer and learns nothing; leave it out of this pass")
    if work.extra_work:
        raise Fault("error", f"extra_work: {name} is not timed; give none", work.label)
    if not {"seq_len", "d_model"} <= work.parameters.keys():
        raise Fault("unsupported", f"{name}: {work.label} has no axes seq_len and d_model; leave it out of this pass")
    work.pass_.check(work.parameters)


def extra_work(use: dict, label: str) -> float:
    """The share of a control; 0 for every other variant."""
    value = use.get("extra_work") or 0
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= MOST_EXTRA_WORK:
        share = f"extra_work: {value!r} is no share of the variant's time; give 0 to {MOST_EXTRA_WORK}."
        raise Fault("error", share, label)
    return value


KINDS = {"integer": int, "real": (int, float), "text": str, "truth": bool}


def resolve(given: dict, axes: tuple[catalogue.Axis, ...], label: str) -> dict[str, Any]:
    """The parameters that the axes name, checked; others belong to other variants of the cell."""
    resolved = {}
    for axis in axes:
        if axis.name not in given:
            raise Fault("error", f"parameters.{axis.name}: is missing; {label} needs a {axis.kind}", label)
        value = given[axis.name]
        right = isinstance(value, KINDS[axis.kind]) and (axis.kind == "truth" or not isinstance(value, bool))
        if not right:
            raise Fault("error", f"parameters.{axis.name}: is {value!r}; give a {axis.kind}", label)
        if axis.minimum is not None and not value >= axis.minimum:
            raise Fault("error", f"parameters.{axis.name}: is {value}; give at least {axis.minimum}", label)
        if axis.maximum is not None and not value <= axis.maximum:
            raise Fault("error", f"parameters.{axis.name}: is {value}; give at most {axis.maximum}", label)
        if axis.values is not None and value not in axis.values:
            raise Fault("error", f"parameters.{axis.name}: is '{value}'; give one of {', '.join(axis.values)}", label)
        resolved[axis.name] = value
    return resolved
