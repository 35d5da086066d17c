"""Gated linear unit with ReLU for its gate."""
from __future__ import annotations

from variants import _activated, _layouts

VARIANT = _activated.gated("ffn.reglu", "max(0, z)")

tensors = _activated.tensors_gated
native = _layouts.linear_native
logical = _layouts.linear_logical


def build(p: dict, w: dict, timed: bool):
    from torch.nn.functional import relu

    return _activated.build_gated(p, w, relu)


def reference(p: dict, w: dict, x, kink):
    return _activated.reference_gated(w, x, lambda z: kink(z).clamp(min=0))
