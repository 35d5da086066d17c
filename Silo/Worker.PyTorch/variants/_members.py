"""What a network takes for its layers, and one expression for the cost of whichever is chosen."""
from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from catalogue import Axis, Constraint
from variants import _mix

NONE = "none"
# Whole blocks with a residual and a depth or a norm of their own, and the one that takes its sequences another way.
NOT_A_LAYER = ("ffn.conv1d_ncl", "ffn.keras_block", "ffn.residual_relu")


def family(prefix: str) -> dict[str, ModuleType]:
    """The files `prefix_*.py` of this folder, by their variants' names."""
    files = sorted(Path(__file__).parent.glob(f"{prefix}_*.py"))
    found = {m.VARIANT.name: m for m in (importlib.import_module(f"variants.{f.stem}") for f in files)}
    return {name: m for name, m in sorted(found.items()) if name not in NOT_A_LAYER}


def choice(axis: str, texts: dict[str, str]) -> str:
    """The text of the member that the axis names; members of one text share a branch."""
    groups: dict[str, list[str]] = {}
    for name, text in texts.items():
        groups.setdefault(text, []).append(name)
    branches = sorted(groups.items(), key=lambda group: len(group[1]))  # the most common last: it needs no condition
    chain = f"({branches[-1][0]})"
    for text, names in reversed(branches[:-1]):
        chain = f"{one_of(axis, names)} ? {text} : {chain}"
    return f"({chain})" if len(branches) > 1 else chain


def cost(axis: str, members: dict[str, ModuleType], word: str) -> str:
    """`parameters`, `forward_flops` or `forward_bytes` of the member that the axis names."""
    return choice(axis, {name: getattr(m.VARIANT, word) if m else "0" for name, m in members.items()})


def axes(members: dict[str, ModuleType], axis: str) -> dict[str, Axis]:
    """What the members take beyond the shape of a sequence, each once; where defaults differ, the chosen member's."""
    takers: dict[str, dict[str, Axis]] = {}
    for name, module in members.items():
        for taken in module.VARIANT.axes if module else ():
            if taken not in _mix.AXES:
                takers.setdefault(taken.name, {})[name] = taken
    made = {}
    for name, by_member in takers.items():
        first = next(iter(by_member.values()))
        defaults = {m: a.default for m, a in by_member.items()}
        default = first.default if len(set(defaults.values())) == 1 else choice(axis, defaults)
        made[name] = Axis(name, first.kind, first.summary, default, first.minimum, first.maximum, first.values)
    return made


def constraints(uses: dict[str, str], members: dict[str, ModuleType]) -> tuple[Constraint, ...]:
    """The members' own, where a member is used. `uses` are axes that name one, with when they count."""
    groups: dict[Constraint, list[str]] = {}
    for name, module in members.items():
        for constraint in module.VARIANT.constraints if module else ():
            groups.setdefault(constraint, []).append(name)
    return tuple(
        Constraint(
            f"not ({' or '.join(f'{when}{one_of(axis, names)}' for axis, when in uses.items())}) or ({c.expression})",
            f"{', '.join(names)}: {c.reason}",
        )
        for c, names in groups.items()
    )


def one_of(axis: str, names: list[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return f"{axis} == {quoted[0]}" if len(names) == 1 else f"{axis} in [{', '.join(quoted)}]"
