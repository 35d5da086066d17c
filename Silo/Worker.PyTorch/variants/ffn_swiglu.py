"""Gated linear unit with SiLU for its gate."""
from __future__ import annotations

from variants import _activated, _layouts, _nonlinear

VARIANT = _activated.gated("ffn.swiglu", "z sigmoid(z)")

tensors = _activated.tensors_gated
native = _layouts.linear_native
logical = _layouts.linear_logical


def build(p: dict, w: dict, timed: bool):
    from torch.nn.functional import silu

    return _activated.build_gated(p, w, silu)


def reference(p: dict, w: dict, x, kink):
    return _activated.reference_gated(w, x, lambda z: z * _nonlinear.sigmoid(z))
