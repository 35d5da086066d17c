"""Entries of the fingerprint that only the worker can know. All are the same in every launch of one configuration."""
from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import re
from pathlib import Path

from catalogue import EXTRA_VARIANTS

MALLOC_KNOBS = ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_ARENA_MAX")


def entries(device, flags: dict[str, bool]) -> dict[str, str]:
    import torch

    libraries = loaded_libraries()
    config = torch.__config__.show()
    found = {
        "framework": f"torch {torch.__version__}",
        "python": platform.python_version(),
        "threads": str(torch.get_num_threads()),
        "interop_threads": str(torch.get_num_interop_threads()),
        "affinity": ranges(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else "unknown",
        "allocator": allocator(libraries),
        "blas": blas(libraries, config),
        "onednn": first(r"MKL-DNN (v[\d.]+)", config) or "none",
        "openmp": ", ".join(sorted(names(libraries, r"lib(?:gomp|iomp5|omp)[-.\w]*"))) or "none",
        "cpu_capability": first(r"CPU capability usage: (\S+)", config) or "unknown",
        "float32_matmul_precision": torch.get_float32_matmul_precision(),
        "adam": "foreach and fused: the framework's default",
    }
    kernels = blas_kernels(libraries)
    if kernels is not None:
        found["blas_kernels"] = kernels
    found.update(extra_variants())
    for flag in ("tf32", "cudnn_benchmark", "deterministic"):
        found[flag] = "true" if flags.get(flag) else "false"
    memory_nodes = status("Mems_allowed_list")
    if memory_nodes is not None:
        found["memory_nodes"] = memory_nodes
    if device.kind == "cuda":
        found.update(cuda_entries(device))
    return found


def extra_variants() -> dict[str, str]:
    """Where variants come from that are not this build's, and a hash of their code: two runs may be compared for it."""
    named = [Path(f).resolve() for f in os.environ.get(EXTRA_VARIANTS, "").split(os.pathsep) if f]
    if not named:
        return {}
    code = hashlib.sha256()
    # A folder's other files are what its variants share.
    for file in (f for path in named for f in (sorted(path.glob("*.py")) if path.is_dir() else [path])):
        code.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return {
        "extra_variants": os.pathsep.join(str(f) for f in named),
        "extra_variants_code": code.hexdigest()[:16],
    }


def cuda_entries(device) -> dict[str, str]:
    import torch

    properties = torch.cuda.get_device_properties(device.name)
    return {
        "cuda": str(torch.version.cuda),
        "cudnn": str(torch.backends.cudnn.version()),
        "driver": nvidia_driver(),
        "gpu": properties.name,
        "gpu_uuid": gpu_uuid(torch.cuda.current_device()),
        "compute_capability": f"{properties.major}.{properties.minor}",
    }


def bind_blas_threads(threads: int) -> None:
    """OpenBLAS keeps a count of its own where the framework was not built for it; its variable may not be set."""
    for path in loaded_libraries():
        setter = getattr(_library(path), "openblas_set_num_threads", None) if "openblas" in path else None
        if setter is not None:
            setter(ctypes.c_int(threads))


def blas_kernels(libraries: list[str]) -> str | None:
    """For which processor OpenBLAS took its kernels; None where another library is in use."""
    for path in libraries:
        core = getattr(_library(path), "openblas_get_corename", None) if "openblas" in path else None
        if core is not None:
            core.restype = ctypes.c_char_p
            return core().decode()
    return None


def blas(libraries: list[str], config: str) -> str:
    for path in libraries:
        library = _library(path) if "openblas" in path else None
        if library is None or not hasattr(library, "openblas_get_config"):
            continue
        library.openblas_get_config.restype = ctypes.c_char_p
        library.openblas_get_corename.restype = ctypes.c_char_p
        version = " ".join(library.openblas_get_config().decode().split()[:2])
        core = library.openblas_get_corename().decode()
        return f"{version} {core}, {library.openblas_get_num_threads()} threads"
    mkl = first(r"Math Kernel Library Version (\S+(?: Update \d+)?)", config)
    if mkl:
        return f"MKL {mkl}"
    other = names(libraries, r"lib(?:blas|blis|mkl_core|nvpl_blas)[-.\w]*")
    return ", ".join(sorted(other)) or first(r"BLAS_INFO=(\w+)", config) or "unknown"


def allocator(libraries: list[str]) -> str:
    """The library that answers malloc: preloaded ones come first, glibc's own otherwise."""
    for path in libraries:
        name = os.path.basename(path)
        if name.startswith("libtcmalloc") or name.startswith("libmimalloc"):
            return name
        if name.startswith("libjemalloc"):
            return f"{name} {jemalloc_version(path)}".strip()
    knobs = [f"{k.rstrip('_').lower()}={os.environ[k]}" for k in MALLOC_KNOBS if k in os.environ]
    return " ".join([*platform.libc_ver(), *knobs])


def jemalloc_version(path: str) -> str:
    control = getattr(_library(path), "mallctl", None)
    if control is None:
        return ""
    version, size = ctypes.c_char_p(), ctypes.c_size_t(ctypes.sizeof(ctypes.c_char_p))
    failed = control(b"version", ctypes.byref(version), ctypes.byref(size), None, ctypes.c_size_t(0))
    return "" if failed or version.value is None else version.value.decode().split("-")[0]


def nvidia_driver() -> str:
    """By the management library, which knows the driver's version as users know it."""
    library = _library("libnvidia-ml.so.1")
    if library is None or library.nvmlInit_v2() != 0:
        return "unknown"
    text = ctypes.create_string_buffer(96)
    answer = library.nvmlSystemGetDriverVersion(text, ctypes.c_uint(96))
    library.nvmlShutdown()
    return text.value.decode() if answer == 0 else "unknown"


def gpu_uuid(index: int) -> str:
    """By the driver, which counts devices as CUDA_VISIBLE_DEVICES leaves them."""
    library, device = _library("libcuda.so.1"), ctypes.c_int()
    if library is None or library.cuInit(0) != 0 or library.cuDeviceGet(ctypes.byref(device), index) != 0:
        return "unknown"
    raw = (ctypes.c_ubyte * 16)()
    if library.cuDeviceGetUuid(ctypes.byref(raw), device) != 0:
        return "unknown"
    digits = bytes(raw).hex()
    return "GPU-" + "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def loaded_libraries() -> list[str]:
    """Shared libraries mapped into this process, in no promised order; empty where /proc is absent."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
            paths = {line.split(None, 5)[5].strip() for line in file if ".so" in line}
    except OSError:
        return []
    return sorted(paths)


def names(libraries: list[str], pattern: str) -> set[str]:
    return {os.path.basename(p) for p in libraries if re.fullmatch(pattern, os.path.basename(p))}


def first(pattern: str, text: str) -> str | None:
    match = re.search(pattern, text)
    return match.group(1) if match else None


def status(key: str) -> str | None:
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key + ":")), None)
    except OSError:
        return None


def ranges(cpus) -> str:
    """0, 1, 2, 3, 8 as 0-3,8."""
    parts: list[list[int]] = []
    for cpu in sorted(cpus):
        if parts and cpu == parts[-1][1] + 1:
            parts[-1][1] = cpu
        else:
            parts.append([cpu, cpu])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def _library(name: str):
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None
