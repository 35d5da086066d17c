"""A residual network of blocks: a token mixer, then a feed-forward network, with LayerNorms before or after them."""
from __future__ import annotations

from catalogue import Axis, Constraint, Tensor, Variant
from variants import _members, _mix, _nonlinear, _norm

MIXERS = _members.family("mix")
FFNS = {**_members.family("ffn"), _members.NONE: None}
CAUSAL = [n for n, m in MIXERS.items() if getattr(m, "ALWAYS_CAUSAL", False) or _mix.CAUSAL in m.VARIANT.axes]
POINTWISE = [n for n, m in FFNS.items() if not getattr(m, "MIXES", False)]
OTHERS = "(other_every > 0 ? depth//other_every : 0)"  # blocks that have the other mixer
SUBLAYERS = "(ffn == 'none' ? 1 : 2)"
ELEMENTS = "batch*seq_len*d_model"
AXES = {
    a.name: a
    for a in (
        *_mix.AXES,
        Axis("mixer", "text", "token mixer of a block", "mix.attention", values=tuple(MIXERS)),
        Axis("ffn", "text", "feed-forward network of a block", "ffn.dense", values=tuple(FFNS)),
        Axis("depth", "integer", "blocks, each with its own weights", "1", minimum=1),
        Axis("norm", "text", "LayerNorm before each part, after it, or none", "pre", values=("pre", "post", "none")),
        Axis("residual", "truth", "whether a part is added to its input", "true"),
        Axis("between", "text", "nonlinearity after each mixer", "none", values=("none", "relu", "gelu")),
        Axis("other_mixer", "text", "mixer of every other_every-th block", "mix.none", values=tuple(MIXERS)),
        Axis("other_every", "integer", "every how many blocks the other mixer comes, 0 for never", "0", minimum=0),
        Axis("dropout", "real", "share of a part's output dropped while timed", "0", minimum=0, maximum=0.9),
    )
}


def _cost(word: str, of_norm: str, of_rest: str) -> str:
    mixer, other = (_members.cost(axis, MIXERS, word) for axis in ("mixer", "other_mixer"))
    return (
        f"(depth - {OTHERS})*{mixer} + (other_every > 0 ? {OTHERS}*{other} : 0) + depth*({_members.cost('ffn', FFNS, word)}"
        f" + {SUBLAYERS}*((norm == 'none' ? 0 : {of_norm}){of_rest}))"
    )


VARIANT = Variant(
    name="net.blocks",
    summary="residual network of `depth` blocks: any token mixer, any feed-forward network, pre- or post-LN, hybrids",
    equation="x = x + f(mix(LN1(x))), x = x + ffn(LN2(x)), depth times; post: x = LN1(x + f(mix(x))), x = LN2(x + "
    "ffn(x)); f is `between`; block i = 1 .. depth has the other mixer where i % other_every == 0",
    citation="Vaswani et al. 2017, arXiv:1706.03762, section 3.1 (post-LN); Xiong et al. 2020, arXiv:2002.04745 (pre-LN)",
    axes=tuple({**AXES, **_members.axes(MIXERS, "mixer"), **_members.axes(FFNS, "ffn")}.values()),
    constraints=(
        Constraint("norm == 'none' or d_model >= 2", _norm.REASON),
        Constraint(
            f"not causal or {_members.one_of('mixer', CAUSAL)} and (other_every == 0 or "
            f"{_members.one_of('other_mixer', CAUSAL)}) and {_members.one_of('ffn', POINTWISE)}",
            "a part of the network sees later time steps; leave causal at false or choose others",
        ),
        *_members.constraints({"mixer": "", "other_mixer": "other_every > 0 and "}, MIXERS),
        *_members.constraints({"ffn": ""}, FFNS),
    ),
    parameters=_cost("parameters", "2*d_model", ""),
    # A residual is one addition to each element; a nonlinearity is not counted, as in the feed-forward family.
    forward_flops=_cost("forward_flops", f"{_norm.FLOPS}*{ELEMENTS}", f" + (residual ? {ELEMENTS} : 0)"),
    forward_bytes=_cost("forward_bytes", f"8*{ELEMENTS}", f" + (residual ? 12*{ELEMENTS} : 0)"),
)
MIXES = True


def _mixer(p: dict, i: int):
    return MIXERS[p["other_mixer" if p["other_every"] and (i + 1) % p["other_every"] == 0 else "mixer"]]


def _members_of(p: dict, i: int):
    """(module, name of its LayerNorm, whether it is the mixer) of a block's parts."""
    ffn = FFNS[p["ffn"]]
    return [(_mixer(p, i), "ln1", True), *([(ffn, "ln2", False)] if ffn else [])]


def tensors(p: dict) -> tuple[Tensor, ...]:
    made = []
    for i in range(p["depth"]):
        for module, norm, _ in _members_of(p, i):
            norms = _norm.tensors(p["d_model"], norm) if p["norm"] != "none" else ()
            made += [Tensor(f"block{i}.{t.name}", t.shape, t.role, t.fan_in) for t in (*module.tensors(p), *norms)]
    return tuple(made)


def _owner(name: str, p: dict):
    """(member, the tensor's name in it), the member None for a LayerNorm's."""
    block, own = name.split(".", 1)
    for module, _, _ in _members_of(p, int(block[len("block") :])):
        if any(t.name == own for t in module.tensors(p)):
            return module, own
    return None, own


def native(name: str, tensor, p: dict):
    module, own = _owner(name, p)
    return module.native(own, tensor, p) if module and hasattr(module, "native") else tensor


def logical(name: str, tensor, p: dict):
    module, own = _owner(name, p)
    return module.logical(own, tensor, p) if module and hasattr(module, "logical") else tensor


def _of_block(w: dict, i: int) -> dict:
    prefix = f"block{i}."
    return {name[len(prefix) :]: t for name, t in w.items() if name.startswith(prefix)}


def build(p: dict, w: dict, timed: bool):
    from torch.nn.functional import dropout

    rate = float(p["dropout"]) if timed else 0.0
    between = _nonlinear.function(p["between"])
    parts = []
    for i in range(p["depth"]):
        own = _of_block(w, i)
        for module, norm, mixing in _members_of(p, i):
            normalised = _norm.function(own, norm) if p["norm"] != "none" else None
            parts.append((module.build(p, own, timed), normalised, mixing and p["between"] != "none"))
    pre, residual = p["norm"] == "pre", p["residual"]

    def forward(x):  # [batch, seq_len, d_model]
        for part, normalised, nonlinear in parts:
            y = part(normalised(x) if pre else x)
            if nonlinear:
                y = between(y)
            if rate > 0:
                y = dropout(y, rate, True)
            if residual:
                y = x + y
            x = y if pre or normalised is None else normalised(y)
        return x

    return forward


def reference(p: dict, w: dict, x, kink):
    for i in range(p["depth"]):
        own = _of_block(w, i)
        for module, norm, mixing in _members_of(p, i):
            y = module.reference(p, own, _norm.plain(own, x, norm) if p["norm"] == "pre" else x, kink)
            if mixing:
                y = _nonlinear.plain(p["between"], y, kink)
            if p["residual"]:
                y = x + y
            x = _norm.plain(own, y, norm) if p["norm"] == "post" else y
    return x


def widest(p: dict) -> int:
    """Elements of the largest tensor that the members' formulas keep of a sequence."""
    return max([1, *(m.widest(p) for i in range(p["depth"]) for m, _, _ in _members_of(p, i) if hasattr(m, "widest"))])
