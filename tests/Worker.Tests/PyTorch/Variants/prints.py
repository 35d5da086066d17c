"""ffn.dense that writes to standard output as libraries do."""
from dataclasses import replace

from variants import ffn_dense

VARIANT = replace(ffn_dense.VARIANT, name="broken.prints", equal_to=())
tensors, native, logical, reference = ffn_dense.tensors, ffn_dense.native, ffn_dense.logical, ffn_dense.reference


def build(p, w, timed):
    print("hello from a library")
    right = ffn_dense.build(p, w, timed)

    def forward(x):
        print("and again")
        return right(x)

    return forward
