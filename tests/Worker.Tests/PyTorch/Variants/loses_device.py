"""ffn.dense on a device whose context is gone."""
from dataclasses import replace

from variants import ffn_dense

VARIANT = replace(ffn_dense.VARIANT, name="broken.device", equal_to=())
tensors, native, logical, reference = ffn_dense.tensors, ffn_dense.native, ffn_dense.logical, ffn_dense.reference


def build(p, w, timed):
    raise RuntimeError("CUDA error: device-side assert triggered")
