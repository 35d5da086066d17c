"""The network of BERT and GPT: GELU, exact."""
from __future__ import annotations

from variants import _activated, _ffn, _layouts, _nonlinear

VARIANT = _activated.plain("ffn.gelu", "z Phi(z)", "Hendrycks and Gimpel 2016, Gaussian Error Linear Units, arXiv:1606.08415")

tensors = _ffn.tensors
native = _layouts.linear_native
logical = _layouts.linear_logical


def build(p: dict, w: dict, timed: bool):
    from torch.nn.functional import gelu

    return _activated.build_plain(p, w, gelu)


def reference(p: dict, w: dict, x, kink):
    return _activated.reference_plain(w, x, _nonlinear.gelu)
