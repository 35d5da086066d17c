"""Can one layer learn to compare each token with the one `distance` before it?"""
from __future__ import annotations

from catalogue import Axis, Tensor
from passes import _learning
from training import warm_up_then_cosine

PASS = _learning.described(
    "pairwise",
    "trains embedding, variant and linear head on y_t = [x_t * x_(t-distance) > 0], x_t from N(0,1): pairwise interaction",
    (
        *_learning.axes(learning_rate="0.04", steps="800"),
        Axis("distance", "integer", "tokens between the two that are compared; less than seq_len", "27", 1),
    ),
    blocks="1",
    guess="0.5",
    step_flops="0",
    # Drawing the numbers takes some 40 int64 and float64 passes over them; spreading them, adding positions and the
    # head some 20 over the features.
    step_bytes="batch*seq_len*(40*16 + 20*4*d_model)",
)
GRADIENTS = True
INPUT_GRADIENT = True


def tensors(p: dict) -> tuple[Tensor, ...]:
    return ()


def check(p: dict) -> None:
    rule = f"is {p['distance']} in sequences of {p['seq_len']} tokens; give less than seq_len"
    _learning.require(p["distance"] < p["seq_len"], "distance", rule)


class Task:
    """logit_t = layer(x_t e + P_t) . w + b: one number a token, spread over d_model features by the learnt e, learnt
    positions P, mean logistic loss over the positions that have a partner. Adam (betas 0.9 and 0.999, eps 1e-8), the
    learning rate up over 5% of the steps and down along a cosine."""

    def __init__(self, work) -> None:
        import torch

        p = work.parameters
        self.steps, self._distance, self._rate = p["steps"], p["distance"], p["learning_rate"]
        self._shape = p["batch"], p["seq_len"]
        self._draws = draws = _learning.Draws(work)
        self._layer, weights = draws.layer(work, "layer0.")
        d = p["d_model"]
        self._e = draws.trainable(Tensor("model.embedding", (d,), "matrix", fan_in=1))
        self._positions = draws.trainable(Tensor("model.positions", (p["seq_len"], d), "matrix", fan_in=d))
        self._w = draws.trainable(Tensor("model.head_w", (d,), "matrix", fan_in=d))
        self._b = draws.trainable(Tensor("model.head_b", (1,), "bias"))
        parameters = [*weights, self._e, self._positions, self._w, self._b]
        self._optimiser = torch.optim.Adam(parameters, lr=self._rate, betas=(0.9, 0.999), eps=1e-8)
        self._test = draws.normal("x@test", (_learning.test_batches(p["batch"]) * p["batch"], p["seq_len"]))

    def step(self, number: int) -> float:
        x = self._draws.normal(f"x@{number}", self._shape)
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate * warm_up_then_cosine(number, self.steps)
        self._optimiser.zero_grad(set_to_none=True)
        loss = _loss(*self._answers(x, training=True))
        loss.backward()
        self._optimiser.step()
        return float(loss)

    def evaluate(self) -> tuple[float, float]:
        import torch

        right = total = 0
        loss = 0.0
        with torch.inference_mode():
            for x in self._test.split(self._shape[0]):
                logits, labels = self._answers(x, training=False)
                right += int(((logits > 0) == (labels > 0.5)).sum())
                loss += float(_loss(logits, labels)) * labels.numel()
                total += labels.numel()
        return right / total, loss / total

    def _answers(self, x, training: bool):
        """(logits, labels 0 or 1), each [batch, seq_len - distance], at least in float32."""
        import torch

        k = self._distance
        logits = self._layer(x.unsqueeze(-1) * self._e + self._positions, training)[:, k:].matmul(self._w) + self._b
        logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
        return logits, (x[:, k:] * x[:, :-k] > 0).to(logits.dtype)


def _loss(logits, labels):
    from torch.nn.functional import binary_cross_entropy_with_logits

    return binary_cross_entropy_with_logits(logits, labels)


def study(work):
    from training import Training

    return Training(Task(work))
