"""One epoch of the training benchmark that started this: variant, flatten, Dense(1), sigmoid, cross-entropy, Adam."""
from __future__ import annotations

import math

from catalogue import Axis, Pass, Tensor

PASS = Pass(
    name="seed_epoch",
    summary="one epoch over `samples` sequences: variant, flatten, Dense(1), sigmoid, binary cross-entropy, Adam",
    axes=(
        Axis("samples", "integer", "sequences of an epoch, in batches of `batch`", minimum=1),
        Axis(
            "state",
            "text",
            "continue: weights go on from epoch to epoch; reset: each epoch starts from the first ones",
            default="continue",
            values=("continue", "reset"),
        ),
        Axis(
            "data",
            "text",
            "device: the batches lie on the device; host: in host memory, and each step copies its own to the device",
            default="device",
            values=("device", "host"),
        ),
    ),
    flops_factor="3 * ceil(samples / batch)",
    memory_factor="4 + samples/batch",
)
GRADIENTS = True
INPUT_GRADIENT = False


def tensors(p: dict) -> tuple[Tensor, ...]:
    n = p["seq_len"] * p["d_model"]
    return (Tensor("head_w", (n,), "matrix", fan_in=n), Tensor("head_b", (1,), "bias"))


def objective(head: dict, y, labels):
    """Mean binary cross-entropy of sigmoid(flatten(y) . head_w + head_b), at least in float32; y [n, seq, d_model]."""
    import torch
    from torch.nn.functional import binary_cross_entropy

    logit = torch.addmv(head["head_b"], y.reshape(y.shape[0], -1), head["head_w"])
    return binary_cross_entropy(torch.sigmoid(logit.to(labels.dtype)), labels)


def reference_objective(head: dict, y, labels, count: int):
    """The same in the plainest words, a chunk's share of the mean over `count`."""
    import torch

    logit = y.reshape(y.shape[0], -1).matmul(head["head_w"]) + head["head_b"]
    p = 1 / (1 + torch.exp(-logit.to(torch.promote_types(logit.dtype, labels.dtype))))
    labels = labels.to(p.dtype)
    return -(labels * p.log() + (1 - labels) * (1 - p).log()).sum() / count


def _batches(work):
    """A function that gives an epoch's batches in turn, on the device."""
    import torch

    batch = work.parameters["batch"]
    stored = list(zip(work.x.split(batch), work.labels.split(batch)))
    if work.parameters["data"] == "device":
        return stored.__iter__
    # One buffer for all steps, as a loader has: the copy is timed, the allocator is not.
    x, labels = (torch.empty_like(t, device=work.inputs.device) for t in stored[0])
    copies = [(own, x[: len(own[0])], labels[: len(own[0])]) for own in stored]

    def copied():
        for (from_x, from_labels), to_x, to_labels in copies:
            yield to_x.copy_(from_x), to_labels.copy_(from_labels)

    return copied


class _Losses:
    """The mean loss of each epoch since the weights were made, as Keras tells it: over the sequences, while training.

    Inside the timed section a step only keeps its loss, a scalar on the device without its graph; it is read when the
    clock has stopped, so that no step waits for the device.
    """

    def __init__(self):
        self.steps: list = []
        self._epochs: list = []

    def end(self) -> None:
        mean = sum(float(loss) * count for loss, count in self.steps) / sum(count for _, count in self.steps)
        self._epochs.append([len(self._epochs) + 1, mean if math.isfinite(mean) else None])
        self.steps.clear()

    def series(self) -> dict:
        return {"loss": self._epochs}


def kernel(work):
    from passes import _training
    from workload import Kernel

    forward, head, parameters = work.forward(timed=True), work.head, work.trainable
    batches = _batches(work)
    optimiser = _training.adam(parameters)
    step, losses = optimiser.step, _Losses()
    steps = losses.steps

    def run():
        steps.clear()
        for x, labels in batches():
            for parameter in parameters:
                parameter.grad = None
            loss = objective(head, forward(x), labels)
            loss.backward()
            steps.append((loss.detach(), len(labels)))
            step()

    reset = work.parameters["state"] == "reset"
    return Kernel(
        run=run,
        restore=_training.Restore(parameters, optimiser) if reset else None,
        drop=_training.drop(parameters),
        once=True,
        after=losses.end,
        series=losses.series,
    )
