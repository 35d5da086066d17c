"""Why a cell cannot be measured, in the four kinds the protocol knows."""
from __future__ import annotations

import traceback

OOM_WORDS = ("out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory", "bad_alloc")
UNSUPPORTED_WORDS = (
    "not implemented for",
    "not supported",
    "unsupported",
    "not available for",
    "deterministic implementation",
)


class Fault(Exception):
    """Ends a cell; the worker goes on with the next."""

    def __init__(self, kind: str, message: str, variant: str | None = None):
        super().__init__(message)
        self.kind = kind  # unsupported, incorrect, oom or error
        self.message = message
        self.variant = variant


def classify(error: BaseException, variant: str | None = None) -> Fault:
    """The framework has few exception types, so its messages decide."""
    if isinstance(error, Fault):
        error.variant = error.variant or variant
        return error
    message = traceback.format_exception_only(type(error), error)[-1].strip()
    words = str(error).lower()
    if isinstance(error, MemoryError) or any(w in words for w in OOM_WORDS):
        return Fault("oom", message, variant)
    # The framework's own errors only: a variant's TypeError "unsupported operand" is a mistake, not a limit.
    if isinstance(error, RuntimeError) and any(w in words for w in UNSUPPORTED_WORDS):
        return Fault("unsupported", message, variant)
    return Fault("error", message, variant)


def is_lost_device(error: BaseException) -> bool:
    """Whether the accelerator's context is gone: after a device-side fault every later call in this process fails the
    same way, and cells that are fine would be called failed. Running out of memory is no such fault."""
    words = str(error).lower()
    return "cuda error" in words and "out of memory" not in words
