"""The output of one batch, no gradient recorded."""
from __future__ import annotations

from functools import partial

from catalogue import Pass

PASS = Pass(
    name="forward",
    summary="output of one batch, no gradient recorded",
    axes=(),
    flops_factor="1",
    memory_factor="1",
)
GRADIENTS = False
INPUT_GRADIENT = False


def tensors(p: dict) -> tuple:
    return ()


def kernel(work):
    import torch
    from workload import Kernel

    return Kernel(run=partial(work.forward(timed=True), work.x), context=torch.inference_mode)
