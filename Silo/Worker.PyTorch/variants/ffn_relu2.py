"""The feed-forward network with the square of ReLU, whose derivative has no jump."""
from __future__ import annotations

from variants import _activated, _ffn, _layouts

VARIANT = _activated.plain("ffn.relu2", "max(0, z)^2", "So et al. 2021, Primer, arXiv:2109.08668")

tensors = _ffn.tensors
native = _layouts.linear_native
logical = _layouts.linear_logical


def build(p: dict, w: dict, timed: bool):
    from torch.nn.functional import relu

    return _activated.build_plain(p, w, lambda z: relu(z).square())


def reference(p: dict, w: dict, x, kink):
    return _activated.reference_plain(w, x, lambda z: z.clamp(min=0) ** 2)
