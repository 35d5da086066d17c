"""What the passes that train share: their axes, the words of the catalogue, the numbers a run draws."""
from __future__ import annotations

from dataclasses import replace

import generator
import layout
from catalogue import Axis, Pass
from faults import Fault


TEST_SEQUENCES = 512


def test_batches(batch: int) -> int:
    """Held-out data is whole batches, as a variant may be made for one size: at least 512 sequences."""
    return -(-TEST_SEQUENCES // batch)


def described(
    name: str, summary: str, axes: tuple[Axis, ...], blocks: str, guess: str, step_flops: str, step_bytes: str
) -> Pass:
    """A pass that trains. `blocks` is how often the variant stands in the model, an expression; the factors are of the
    variant's part, three forward passes a step. `step_flops` and `step_bytes` are those of the rest of a step."""
    return Pass(
        name=name,
        summary=summary,
        axes=axes,
        flops_factor=f"3 * steps * {blocks}",
        memory_factor=f"4 * {blocks}",
        kind="quality",
        metric="accuracy",
        guess=guess,
        steps="steps",
        step_flops=step_flops,
        step_bytes=step_bytes,
    )


def axes(learning_rate: str, steps: str) -> tuple[Axis, ...]:
    return (
        Axis("learning_rate", "real", "of the optimiser; sweep it, for each variant has its own best", learning_rate, 0),
        Axis("trial", "integer", "which of several runs: seeds the first weights and the data", "1", 1),
        Axis("steps", "integer", "training steps at most; a run that has learnt the task ends before", steps, 1),
    )


def require(holds: bool, name: str, rule: str) -> None:
    """A point at which the task does not exist is skipped with the reason."""
    if not holds:
        raise Fault("unsupported", f"{name}: {rule}")


class Draws:
    """The numbers of one training run, from the counter-based generator: the same in every worker."""

    def __init__(self, work) -> None:
        import torch

        inputs = work.inputs
        self.device, self.dtype = inputs.device, inputs.dtype
        self._seed = generator.run_seed(inputs.seed, work.parameters["trial"])
        torch.manual_seed(self._seed)  # of dropout alone

    def normal(self, name: str, shape: tuple[int, ...]):
        return generator.normal(name, shape, self._seed, self.device, self.dtype)

    def uniform(self, name: str, shape: tuple[int, ...]):
        """float64."""
        return generator.uniform(name, shape, self._seed, self.device)

    def trainable(self, tensor):
        return generator.weight(tensor, self._seed, self.device, self.dtype).requires_grad_(True)

    def layer(self, work, prefix: str):
        """(the variant as a function of x [batch, seq_len, d_model] and whether dropout is on, its trainable tensors),
        drawn under `prefix` + their names."""
        variant, p = work.variant, work.parameters
        weights = {}
        for tensor in variant.tensors(p):
            first = generator.weight(replace(tensor, name=prefix + tensor.name), self._seed, self.device, self.dtype)
            weights[tensor.name] = variant.native(tensor.name, first, p).requires_grad_(True)
        dropping, whole = (variant.build(p, weights, timed) for timed in (True, False))
        turn = layout.channels_first(variant)

        def layer(x, training: bool):
            forward = dropping if training else whole
            return work.turned(forward(work.turned(x).contiguous())) if turn else forward(x)

        return layer, list(weights.values())
