"""Gated linear unit."""
from __future__ import annotations

from variants import _activated, _layouts, _nonlinear

VARIANT = _activated.gated("ffn.glu", "sigmoid(z)", "Dauphin et al. 2016, arXiv:1612.08083; as a feed-forward network: " + _activated.GLU)

tensors = _activated.tensors_gated
native = _layouts.linear_native
logical = _layouts.linear_logical


def build(p: dict, w: dict, timed: bool):
    from torch import sigmoid

    return _activated.build_gated(p, w, sigmoid)


def reference(p: dict, w: dict, x, kink):
    return _activated.reference_gated(w, x, _nonlinear.sigmoid)
