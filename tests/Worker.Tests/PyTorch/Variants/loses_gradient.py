"""ffn.dense whose output is right and whose gradient misses W1's."""
from dataclasses import replace

from variants import ffn_dense

VARIANT = replace(ffn_dense.VARIANT, name="broken.gradient", equal_to=())
tensors, native, logical, reference = ffn_dense.tensors, ffn_dense.native, ffn_dense.logical, ffn_dense.reference


def build(p, w, timed):
    return ffn_dense.build(p, {**w, "w1": w["w1"].detach()}, timed)
