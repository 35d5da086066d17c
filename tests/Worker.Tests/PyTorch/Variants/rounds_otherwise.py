"""ffn.dense whose hidden units are off by what another order of summation might give."""
from dataclasses import replace

from variants import ffn_dense

VARIANT = replace(ffn_dense.VARIANT, name="odd.rounding", equal_to=())
tensors, native, logical, reference = ffn_dense.tensors, ffn_dense.native, ffn_dense.logical, ffn_dense.reference


def build(p, w, timed):
    from torch.nn.functional import linear, relu

    return lambda x: linear(relu(linear(x, w["w1"], w["b1"]) + 4e-6), w["w2"], w["b2"])
