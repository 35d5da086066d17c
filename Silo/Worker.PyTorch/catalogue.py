"""What this worker can run, read without the framework: variants and passes with their equations, axes and costs.

A variant is one file of the folder `variants` (or one that LAYERBENCH_EXTRA_VARIANTS names, or of a folder that it names), a pass one file of
`passes`; both are found by listing, so that adding one touches one file. docs/variants.md says what a file holds.
"""
from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

BACKEND = "pytorch"
PROTOCOL = 1
DTYPES = ("float32", "float64", "bfloat16", "float16")
EXTRA_VARIANTS = "LAYERBENCH_EXTRA_VARIANTS"


@dataclass(frozen=True)
class Axis:
    """A parameter. `default` is canonical text or an expression over other axes, None where the sweep must give it."""

    name: str
    kind: str  # integer, real, text or truth
    summary: str
    default: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Constraint:
    """What must hold of the axes, and what the user is told where it does not."""

    expression: str
    reason: str


@dataclass(frozen=True)
class Variant:
    """The catalogue's words for a variant; the numbers are expressions over its axes."""

    name: str
    summary: str
    equation: str
    citation: str
    axes: tuple[Axis, ...]
    constraints: tuple[Constraint, ...]
    parameters: str
    forward_flops: str
    forward_bytes: str
    equal_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pass:
    """What is timed, or what is learnt. The factors are relative to one forward pass of one batch.

    `kind` is `time`, or `quality` for a pass that is trained (or examined) once; then `metric` names its headline value,
    where higher is better, and `guess` is what guessing gives, an expression over axes, None where there is no such.
    `steps` are the optimiser steps at most; `step_flops` and `step_bytes` what one of them costs beside the variant.
    """

    name: str
    summary: str
    axes: tuple[Axis, ...]
    flops_factor: str
    memory_factor: str
    kind: str = "time"
    metric: str | None = None
    guess: str | None = None
    steps: str | None = None
    step_flops: str | None = None
    step_bytes: str | None = None


@dataclass(frozen=True)
class Tensor:
    """A trainable tensor in the layout both workers share, whatever layout the code under test keeps it in.

    `role` says how its first values are drawn: `matrix` N(0, 1/fan_in), `bias` N(0, 0.01^2), `scale` 1 + N(0, 0.1^2).
    """

    name: str
    shape: tuple[int, ...]
    role: str
    fan_in: int = 0


def variants() -> dict[str, ModuleType]:
    """The variants' modules by name; LAYERBENCH_EXTRA_VARIANTS adds files and folders, separated as in PATH."""
    found = _load(_listed(Path(__file__).with_name("variants")), "VARIANT")
    for name, module in _load(extra_files(), "VARIANT", _import_plug_in).items():
        if name in found:
            raise ValueError(f"'{name}' is in {found[name].__file__} and in {module.__file__}; rename one")
        found[name] = module
    for module in found.values():
        for layout in ("native", "logical"):
            if not hasattr(module, layout):
                setattr(module, layout, as_shared)
    return found


def as_shared(name: str, tensor, p: dict):
    """`native` and `logical` of a variant that keeps its tensors in the shared layout."""
    return tensor


def extra_files() -> list[Path]:
    """The Python files that LAYERBENCH_EXTRA_VARIANTS names itself or by their folders; assemblies are the other worker's."""
    files: list[Path] = []
    for path in (Path(p) for p in os.environ.get(EXTRA_VARIANTS, "").split(os.pathsep) if p):
        if path.is_dir():
            files += _listed(path)
        elif not path.is_file():
            raise ValueError(f"{EXTRA_VARIANTS}: '{path}' is no file and no folder; name files of variants, or folders that hold them")
        elif path.suffix == ".py":
            files.append(path)
    return files


def passes() -> dict[str, ModuleType]:
    return _load(_listed(Path(__file__).with_name("passes")), "PASS")


def describe() -> dict:
    """The answer to --describe: the engine's BackendInfo."""
    return {
        "backend": BACKEND,
        "protocol": PROTOCOL,
        "variants": [_plain(asdict(m.VARIANT)) for _, m in sorted(variants().items())],
        "passes": [_plain(asdict(m.PASS)) for _, m in sorted(passes().items())],
        "dtypes": list(DTYPES),
    }


def _listed(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.glob("*.py")) if not file.name.startswith("_")]


def _load(files: list[Path], word: str, load=None) -> dict[str, ModuleType]:
    found: dict[str, ModuleType] = {}
    for file in files:
        module = (load or _import)(file)
        name = getattr(module, word).name
        if name in found:
            raise ValueError(f"'{name}' is in {found[name].__file__} and in {file}; rename one")
        found[name] = module
    return found


def _import_plug_in(file: Path) -> ModuleType:
    """A user's file: whatever is wrong with it is said in one line that names it."""
    try:
        module = _import(file)
    except Exception as e:  # it may throw anything
        raise ValueError(f"{file} does not load: {type(e).__name__}: {' '.join(str(e).split())}") from e
    if not isinstance(getattr(module, "VARIANT", None), Variant):
        raise ValueError(f"{file} has no VARIANT; give one, as docs/adding-a-variant.md shows")
    missing = [] if hasattr(module, "iteration") else [n for n in ("tensors", "build", "reference") if not callable(getattr(module, n, None))]
    if missing:
        raise ValueError(f"{file}: '{module.VARIANT.name}' has no {' and no '.join(missing)}; give what docs/adding-a-variant.md names")
    return module


def _import(file: Path) -> ModuleType:
    own = file.parent.parent == Path(__file__).parent
    if own:  # one module, whoever else imports it: references are told apart by identity
        return importlib.import_module(f"{file.parent.name}.{file.stem}")
    name = f"layerbench.{file.parent.name}.{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _plain(value):
    """Without nulls, as the engine writes and reads its records."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value
