"""mix.gconv2 whose output is right and whose gradient of k1 is 2% too large."""
from dataclasses import replace

from variants import mix_gconv2

VARIANT = replace(mix_gconv2.VARIANT, name="broken.mixed")
MIXES = True
tensors, native, logical, reference = (
    mix_gconv2.tensors,
    mix_gconv2.native,
    mix_gconv2.logical,
    mix_gconv2.reference,
)


def build(p, w, timed):
    k1 = w["k1"] * 1.02 - (w["k1"] * 0.02).detach()
    return mix_gconv2.build(p, {**w, "k1": k1}, timed)
