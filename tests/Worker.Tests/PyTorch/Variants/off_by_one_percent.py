"""ffn.dense whose output is 1% too large."""
from dataclasses import replace

from variants import ffn_dense

VARIANT = replace(ffn_dense.VARIANT, name="broken.scaled", equal_to=())
tensors, native, logical, reference = ffn_dense.tensors, ffn_dense.native, ffn_dense.logical, ffn_dense.reference


def build(p, w, timed):
    right = ffn_dense.build(p, w, timed)
    return lambda x: right(x) * 1.01
