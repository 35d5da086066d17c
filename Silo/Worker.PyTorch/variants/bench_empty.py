"""Nothing, in every pass: its time is what the harness itself costs."""
from __future__ import annotations

from catalogue import Axis, Tensor, Variant

VARIANT = Variant(
    name="bench.empty",
    summary="an iteration that does nothing, in every pass: what is timed is the harness itself",
    equation="-",
    citation="layerbench, docs/protocol.md",
    axes=(Axis("batch", "integer", "without effect", default="1", minimum=1),),
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


def iteration() -> None:
    """Run in place of what the pass would do."""
