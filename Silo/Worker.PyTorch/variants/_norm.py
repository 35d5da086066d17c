"""LayerNorm over the features of a time step, Ba et al. 2016, arXiv:1607.06450."""
from __future__ import annotations

from catalogue import Constraint, Tensor

EPSILON = 1e-6  # as Keras' Transformer examples set it; the layer's own default is 1e-3
# Per element: mean 1, variance 3, normalise 2, scale and shift 2.
FLOPS = 8
REASON = "LayerNorm over one feature gives a constant, whatever the input"
CONSTRAINT = Constraint("d_model >= 2", REASON)


def tensors(size: int, name: str = "ln") -> tuple[Tensor, Tensor]:
    return Tensor(name + "_scale", (size,), "scale"), Tensor(name + "_shift", (size,), "bias")


def function(w: dict, name: str = "ln"):
    from torch.nn.functional import layer_norm

    scale, shift = w[name + "_scale"], w[name + "_shift"]
    normalised = tuple(scale.shape)
    return lambda x: layer_norm(x, normalised, scale, shift, EPSILON)


def plain(w: dict, x, name: str = "ln"):
    centred = x - x.mean(-1, keepdim=True)
    variance = (centred * centred).mean(-1, keepdim=True)
    return centred / (variance + EPSILON).sqrt() * w[name + "_scale"] + w[name + "_shift"]
