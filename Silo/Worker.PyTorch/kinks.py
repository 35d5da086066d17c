"""Where a ReLU's input is nearer to zero than rounding can tell it has two right gradients. What the gate does of it."""
from __future__ import annotations

# How near counts, relative to the root mean square of the inputs of one ReLU: float32 sums with its rounding, the short
# types sum in float32 and round what they keep, to 2^-11 and 2^-8.
WIDTH = 1e-5
WIDTHS = {"float32": WIDTH, "float16": 4e-3, "bfloat16": 3e-2}


class Kinks:
    """What a reference hands the inputs of its ReLUs to, and takes them back from, as they are. Keeps how near each
    token's come to zero."""

    def __init__(self) -> None:
        self._margin = None

    def __call__(self, z):
        import torch

        seen = z.detach()
        margin = seen.abs().amin(-1, keepdim=True) / seen.square().mean().sqrt()
        if self._margin is None:
            self._margin = margin
        elif margin.shape == self._margin.shape:  # a mixer's hidden units may stand otherwise; it has no mask
            self._margin = torch.minimum(self._margin, margin)
        return z

    def kept(self):
        """[batch, seq_len, 1], false for tokens with such a unit; None where nothing has a kink. The clearest token
        always stays: a gradient is never judged by nothing."""
        return None if self._margin is None else self._margin >= self._margin.max().clamp(max=WIDTH)


class Sides:
    """Puts the units within `width` of zero on one side of it: all above, all below, or each by a coin of this draw."""

    ABOVE, BELOW = 0, 1

    def __init__(self, draw: int, width: float) -> None:
        import torch

        self._draw, self._width = draw, width
        self._coin = torch.Generator().manual_seed(draw)

    def __call__(self, z):
        import torch

        seen = z.detach()
        width = self._width * seen.square().mean().sqrt()
        near = seen.abs() < width
        move = torch.zeros_like(seen)
        move[near] = self._signs(int(near.sum())).to(seen) * width - seen[near]
        return z + move

    def _signs(self, count: int):
        import torch

        if self._draw in (self.ABOVE, self.BELOW):
            return torch.full((count,), 1 if self._draw == self.ABOVE else -1)
        return torch.randint(0, 2, (count,), generator=self._coin) * 2 - 1
