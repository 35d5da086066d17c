"""ffn.dense that passes the gate and throws when it is timed."""
from dataclasses import replace

from variants import ffn_dense

VARIANT = replace(ffn_dense.VARIANT, name="broken.late", equal_to=())
tensors, native, logical, reference = ffn_dense.tensors, ffn_dense.native, ffn_dense.logical, ffn_dense.reference


def build(p, w, timed):
    right = ffn_dense.build(p, w, timed)

    def forward(x):
        if timed:
            raise RuntimeError("lost in the middle")
        return right(x)

    return forward
