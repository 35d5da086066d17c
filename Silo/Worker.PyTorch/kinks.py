"""Where a ReLU's input is nearer to zero than rounding can tell it has two right gradients. What the gate does of it."""
from __future__ import annotations

# How near counts, relative to the root mean square of the inputs of one ReLU: float32 sums with its rounding, the short
# types sum in float32 and round what they keep, to 2^-11 and 2^-8.
WIDTH = 1e-5
SHORT_WIDTHS = {"float32": WIDTH, "float16": 4e-3, "bfloat16": 3e-2}


class Kinks:
    """What a reference hands the inputs of its ReLUs to, and takes them back from.

    `side` 0 gives them back as they are; +1 and -1 put those within `width` of zero on that side of it.
    """

    def __init__(self, side: int = 0, width: float = WIDTH) -> None:
        self._side, self._width = side, width
        self._margin = None

    def __call__(self, z):
        import torch

        seen = z.detach()
        size = seen.square().mean().sqrt()
        if self._side:
            near = seen.abs() < self._width * size
            return torch.where(near, z - seen + self._side * self._width * size, z)
        margin = seen.abs().amin(-1, keepdim=True) / size
        if self._margin is None:
            self._margin = margin
        elif margin.shape == self._margin.shape:
            self._margin = torch.minimum(self._margin, margin)
        return z

    def kept(self):
        """[batch, seq_len, 1], false for tokens with such a unit; None where nothing has a kink. The clearest token
        always stays: a gradient is never judged by nothing."""
        return None if self._margin is None else self._margin >= self._margin.max().clamp(max=WIDTH)
