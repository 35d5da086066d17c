"""Nonlinearities by name: what is timed, and the plain formula."""
from __future__ import annotations

import math


def function(name: str):
    from torch.nn.functional import gelu, relu

    return {"relu": relu, "gelu": gelu, "none": lambda z: z}[name]


def plain(name: str, z, kink):
    if name == "relu":
        return kink(z).clamp(min=0)
    return gelu(z) if name == "gelu" else z


def gelu(z):
    """z Phi(z), Hendrycks and Gimpel 2016, arXiv:1606.08415; exact, not the tanh approximation."""
    return z * 0.5 * (1 + (z / math.sqrt(2)).erf())


def sigmoid(z):
    return 1 / (1 + (-z).exp())
