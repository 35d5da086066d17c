"""Output, then the gradients of input and weights."""
from __future__ import annotations

from catalogue import Pass

PASS = Pass(
    name="forward_backward",
    summary="output of one batch, then gradients of input and weights; dropped before each iteration",
    axes=(),
    flops_factor="3",
    memory_factor="3",
)
GRADIENTS = True
INPUT_GRADIENT = True


def tensors(p: dict) -> tuple:
    return ()


def kernel(work):
    from workload import Kernel

    forward, x, g = work.forward(timed=True), work.x, work.g
    leaves = (x, *work.trainable)

    def drop():
        for leaf in leaves:
            leaf.grad = None

    def run():
        for leaf in leaves:
            leaf.grad = None
        forward(x).backward(g)

    return Kernel(run=run, drop=drop)
