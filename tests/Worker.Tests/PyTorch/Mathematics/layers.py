"""Variants as functions, in float64 on small shapes, for the tests of this folder."""
import catalogue
import generator

VARIANTS = catalogue.variants()
SHAPE = {"batch": 2, "seq_len": 8, "d_model": 4}
OTHERS = {
    "d_ff": 12,
    "heads": 2,
    "causal": False,
    "activation": "relu",
    "method": "fft",
    "tokens_ff": 12,
    "form": "linear",
    "width": 3,
    "filter_width": 5,
    "gmlp_ff": 8,
    "groups": 2,
    "depth": 2,
    "dropout": 0.0,
    "mixer": "mix.attention",
    "ffn": "ffn.dense",
    "norm": "pre",
    "residual": True,
    "between": "none",
    "other_mixer": "mix.gconv_fft",
    "other_every": 0,
}


def point(**given) -> dict:
    return {**SHAPE, **OTHERS, **given}


def weights(name: str, p: dict) -> dict:
    """By name, in the shared layout."""
    return {t.name: generator.weight(t, 1, "cpu", "float64") for t in VARIANTS[name].tensors(p)}


def layer(name: str, p: dict, w: dict):
    """The function that is timed, over weights in the shared layout."""
    variant = VARIANTS[name]
    native = {n: variant.native(n, t, p) for n, t in w.items()}
    return variant.build(p, native, False)


def made(name: str, **given):
    p = point(**given)
    return layer(name, p, weights(name, p))


def batch(p: dict = SHAPE):
    return generator.normal("x", (p["batch"], p["seq_len"], p["d_model"]), 2, "cpu", "float64")
