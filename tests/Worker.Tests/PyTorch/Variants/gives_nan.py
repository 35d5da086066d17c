"""ffn.dense whose output has one NaN."""
from dataclasses import replace

from variants import ffn_dense

VARIANT = replace(ffn_dense.VARIANT, name="broken.nan", equal_to=())
tensors, native, logical, reference = ffn_dense.tensors, ffn_dense.native, ffn_dense.logical, ffn_dense.reference


def build(p, w, timed):
    right = ffn_dense.build(p, w, timed)

    def forward(x):
        y = right(x).clone()
        y.view(-1)[0] = float("nan")
        return y

    return forward
