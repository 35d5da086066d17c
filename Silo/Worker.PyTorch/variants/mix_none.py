"""The control: tokens do not meet."""
from __future__ import annotations

from catalogue import Tensor, Variant
from variants import _mix

VARIANT = Variant(
    name="mix.none",
    summary="control: no token mixer, the output is the input",
    equation="y = x",
    citation="layerbench, docs/variants.md",
    axes=_mix.AXES,
    constraints=(),
    parameters="0",
    forward_flops="0",
    forward_bytes="0",
)


def tensors(p: dict) -> tuple[Tensor, ...]:
    return ()


def build(p: dict, w: dict, timed: bool):
    def forward(x):
        return x

    return forward


def reference(p: dict, w: dict, x, kink):
    return x
