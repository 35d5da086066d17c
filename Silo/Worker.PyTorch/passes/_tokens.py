"""The model of the tasks over tokens, after Arora et al. 2023 (arXiv:2312.04927), and its training.

    h = E[token] + P[position]
    h = h + mixer(conv(LN(h)))             the variant, behind a depthwise causal convolution of width 3
    h = h + W2 gelu(LN(h) W1 + b1) + b2    2*d_model hidden units                             both `blocks` times
    logits = LN(h) E^T

Everything but the mixer is the same for every variant. AdamW (weight decay 0.01), gradients clipped to norm 1, learning
rate up over 5% of the steps and down along a cosine; mean cross-entropy over the positions that ask.
"""
from __future__ import annotations

from catalogue import Axis, Tensor
from passes import _learning
from training import Training, warm_up_then_cosine

BLOCKS = Axis("blocks", "integer", "residual blocks, each with a variant of its own", "2", 1)
WEIGHT_DECAY = 0.01
CLIP = 1.0
LN_EPSILON = 1e-5
NO_TARGET = -1


def pass_of(
    name: str,
    summary: str,
    learning_rate: str,
    steps: str,
    axes: tuple[Axis, ...],
    guess: str,
    vocabulary: str = "vocabulary",
):
    """`vocabulary` is how many tokens there are, an expression."""
    return _learning.described(
        name,
        summary,
        (*_learning.axes(learning_rate, steps), BLOCKS, *axes),
        "blocks",
        guess,
        # Three times forward: the feed-forward network and the logits.
        step_flops=f"3*2*batch*seq_len*d_model*(4*blocks*d_model + {vocabulary})",
        # Likewise: some 40 passes over a block's features (two norms, the short convolution, GELU over twice as many,
        # two sums) and 5 over the logits.
        step_bytes=f"3*4*batch*seq_len*(40*blocks*d_model + 5*{vocabulary})",
    )


class Model:
    """Tokens int64 [batch, seq_len] to logits [batch, seq_len, vocabulary]."""

    def __init__(self, work, draws: _learning.Draws, vocabulary: int) -> None:
        p = work.parameters
        d = p["d_model"]
        self.parameters: list = []

        def made(name: str, shape: tuple[int, ...], role: str, fan_in: int = 0):
            tensor = draws.trainable(Tensor("model." + name, shape, role, fan_in))
            self.parameters.append(tensor)
            return tensor

        def norm(name: str):
            return made(name + "_scale", (d,), "scale"), made(name + "_shift", (d,), "bias")

        self._embedding = made("embedding", (vocabulary, d), "matrix", d)
        self._positions = made("positions", (p["seq_len"], d), "matrix", d)
        self._blocks = []
        for i in range(p["blocks"]):
            ln1, short = norm(f"{i}.ln1"), made(f"{i}.short", (3, d), "matrix", 3)
            mixer, weights = draws.layer(work, f"layer{i}.")
            self.parameters += weights
            ffn = (
                made(f"{i}.w1", (d, 2 * d), "matrix", d),
                made(f"{i}.b1", (2 * d,), "bias"),
                made(f"{i}.w2", (2 * d, d), "matrix", 2 * d),
                made(f"{i}.b2", (d,), "bias"),
            )
            self._blocks.append((ln1, short, mixer, norm(f"{i}.ln2"), ffn))
        self._last = norm("ln")

    def __call__(self, tokens, training: bool):
        from torch.nn.functional import embedding, gelu

        h = embedding(tokens, self._embedding) + self._positions
        for ln1, short, mixer, ln2, (w1, b1, w2, b2) in self._blocks:
            h = h + mixer(_short_convolution(_normal(h, ln1), short), training)
            h = h + gelu(_normal(h, ln2).matmul(w1) + b1).matmul(w2) + b2
        return _normal(h, self._last).matmul(self._embedding.t())


def _normal(h, scale_and_shift):
    from torch.nn.functional import layer_norm

    return layer_norm(h, h.shape[-1:], *scale_and_shift, LN_EPSILON)


def _short_convolution(h, k):
    """y_t = k_0 h_t + k_1 h_(t-1) + k_2 h_(t-2), each channel by itself, zeros before the first token."""
    from torch.nn.functional import pad

    before = pad(h, (0, 0, 2, 0))
    n = h.shape[1]
    return k[0] * h + k[1] * before[:, 1 : n + 1] + k[2] * before[:, :n]


class Task:
    """`batch(draws, name, count, p)` gives tokens and targets, int64 [count, seq_len], targets NO_TARGET where
    nothing is asked."""

    def __init__(self, work, batch, vocabulary: int) -> None:
        import torch

        self._p = p = work.parameters
        self.steps, self._rate = p["steps"], p["learning_rate"]
        self._draws, self._batch = _learning.Draws(work), batch
        self._model = Model(work, self._draws, vocabulary)
        self._optimiser = torch.optim.AdamW(
            self._model.parameters, lr=self._rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=WEIGHT_DECAY
        )
        count = _learning.test_batches(p["batch"]) * p["batch"]
        self._test = batch(self._draws, "test", count, p)

    def step(self, number: int) -> float:
        import torch

        tokens, targets = self._batch(self._draws, str(number), self._p["batch"], self._p)
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate * warm_up_then_cosine(number, self.steps)
        self._optimiser.zero_grad(set_to_none=True)
        loss = _loss(self._model(tokens, training=True), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters, CLIP)
        self._optimiser.step()
        return float(loss)

    def evaluate(self) -> tuple[float, float]:
        import torch

        right = asked = 0
        loss = 0.0
        size = self._p["batch"]
        with torch.inference_mode():
            for tokens, targets in zip(self._test[0].split(size), self._test[1].split(size)):
                logits, of = self._model(tokens, training=False), targets != NO_TARGET
                right += int((logits.argmax(-1) == targets)[of].sum())
                loss += float(_loss(logits, targets)) * int(of.sum())
                asked += int(of.sum())
        return right / asked, loss / asked


def _loss(logits, targets):
    import torch
    from torch.nn.functional import cross_entropy

    logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
    return cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=NO_TARGET)


def study(work, batch, vocabulary: int) -> Training:
    return Training(Task(work, batch, vocabulary))
