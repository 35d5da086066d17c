"""mix.gconv2 whose hidden units are off by what another order of summation might give."""
from dataclasses import replace

from variants import _spectral, mix_gconv2

VARIANT = replace(mix_gconv2.VARIANT, name="odd.mixed")
MIXES = True
tensors, native, logical, reference = (
    mix_gconv2.tensors,
    mix_gconv2.native,
    mix_gconv2.logical,
    mix_gconv2.reference,
)


def build(p, w, timed):
    return lambda x: _spectral.convolve(w["k2"], (_spectral.convolve(w["k1"], x, False) + 8e-6).relu(), False)
