"""Adam as the passes that train use it, and the way back to the first weights."""
from __future__ import annotations

LEARNING_RATE = 1e-3


def adam(parameters: list):
    """lr 1e-3, betas 0.9 and 0.999, eps 1e-8; `foreach` and `fused` as the framework sets them."""
    import torch

    return torch.optim.Adam(parameters, lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8)


def drop(parameters: list):
    def run():
        for parameter in parameters:
            parameter.grad = None

    return run


class Restore:
    """Puts weights and Adam's moments back to where they began.

    Why: thousands of steps along one gradient switch ReLU units off, their moments decay by 0.9 a step to denormal
    numbers (after some 800 steps), and an Adam step over those took 7 times as long on a CPU: a drift that is not
    the variant's. The copy is taken at the first call, so a launch that only looks at memory has none.
    """

    def __init__(self, parameters: list, optimiser):
        self._parameters, self._optimiser, self._first = parameters, optimiser, None

    def __call__(self) -> None:
        import torch

        with torch.no_grad():
            if self._first is None:
                self._first = [p.detach().clone() for p in self._parameters]
                return
            for parameter, first in zip(self._parameters, self._first):
                parameter.copy_(first)
            for state in self._optimiser.state.values():
                for key, value in state.items():
                    if torch.is_tensor(value):
                        value.zero_()
                    else:  # the step count of older versions is a number
                        state[key] = 0
