"""Right by a reference of its own, 1% away from the ffn.dense that it says it equals."""
from dataclasses import replace

from variants import ffn_dense

VARIANT = replace(ffn_dense.VARIANT, name="broken.disagrees", equal_to=("ffn.dense",))
tensors, native, logical = ffn_dense.tensors, ffn_dense.native, ffn_dense.logical


def build(p, w, timed):
    right = ffn_dense.build(p, w, timed)
    return lambda x: right(x) * 1.01


def reference(p, w, x, kink):
    return ffn_dense.reference(p, w, x, kink) * 1.01
