"""The feed-forward network with SiLU, also called swish."""
from __future__ import annotations

from variants import _activated, _ffn, _layouts, _nonlinear

VARIANT = _activated.plain("ffn.silu", "z sigmoid(z)", "Elfwing et al. 2017, arXiv:1702.03118; Ramachandran et al. 2017, arXiv:1710.05941")

tensors = _ffn.tensors
native = _layouts.linear_native
logical = _layouts.linear_logical


def build(p: dict, w: dict, timed: bool):
    from torch.nn.functional import silu

    return _activated.build_plain(p, w, silu)


def reference(p: dict, w: dict, x, kink):
    return _activated.reference_plain(w, x, lambda z: z * _nonlinear.sigmoid(z))
