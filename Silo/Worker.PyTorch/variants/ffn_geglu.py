"""Gated linear unit with GELU for its gate."""
from __future__ import annotations

from variants import _activated, _layouts, _nonlinear

VARIANT = _activated.gated("ffn.geglu", "z Phi(z)")

tensors = _activated.tensors_gated
native = _layouts.linear_native
logical = _layouts.linear_logical


def build(p: dict, w: dict, timed: bool):
    from torch.nn.functional import gelu

    return _activated.build_gated(p, w, gelu)


def reference(p: dict, w: dict, x, kink):
    return _activated.reference_gated(w, x, _nonlinear.gelu)
