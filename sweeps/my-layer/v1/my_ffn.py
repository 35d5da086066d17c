"""A variant of one's own: ffn.dense under another name."""
from __future__ import annotations

from dataclasses import replace

from variants import ffn_dense

VARIANT = replace(ffn_dense.VARIANT, name="my.ffn", equal_to=())

tensors = ffn_dense.tensors
native = ffn_dense.native
logical = ffn_dense.logical
reference = ffn_dense.reference
build = ffn_dense.build
