"""Nothing: its time is what the harness itself costs."""
from __future__ import annotations

from catalogue import Axis, Tensor, Variant

VARIANT = Variant(
    name="bench.empty",
    summary="an iteration that does nothing, to see what the harness costs; forward only",
    equation="y = x",
    citation="none: a control",
    axes=(
        Axis("batch", "integer", "sequences in a batch", default="1", minimum=1),
        Axis("seq_len", "integer", "time steps of a sequence", default="1", minimum=1),
        Axis("d_model", "integer", "features of a time step", default="1", minimum=1),
    ),
    constraints=(),
    parameters="0",
    forward_flops="0",
    forward_bytes="0",
)


def tensors(p: dict) -> tuple[Tensor, ...]:
    return ()


def native(name: str, tensor):
    return tensor


def logical(name: str, tensor):
    return tensor


def build(p: dict, w: dict, timed: bool):
    def forward(x):
        return x

    return forward


def reference(p: dict, w: dict, x, kink):
    return x
