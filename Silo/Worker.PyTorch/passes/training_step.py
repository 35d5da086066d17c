"""Output, the weights' gradients, one Adam step."""
from __future__ import annotations

from catalogue import Pass

PASS = Pass(
    name="training_step",
    summary="output of one batch, gradients of the weights, one Adam step",
    axes=(),
    flops_factor="3",
    memory_factor="4",
)
GRADIENTS = True
INPUT_GRADIENT = False


def tensors(p: dict) -> tuple:
    return ()


def kernel(work):
    from passes import _training
    from workload import Kernel

    forward, x, g, parameters = work.forward(timed=True), work.x, work.g, work.trainable
    optimiser = _training.adam(parameters)
    step = optimiser.step

    def run():
        for parameter in parameters:
            parameter.grad = None
        forward(x).backward(g)
        step()

    return Kernel(run=run, restore=_training.Restore(parameters, optimiser), drop=_training.drop(parameters))
