"""Which way round a variant takes its sequences: [batch, seq_len, d_model], or [batch, d_model, seq_len] where its
LAYOUT is `channels_first`. Turning them round is no part of what is timed."""
from __future__ import annotations

from types import ModuleType

CHANNELS_FIRST = "channels_first"


def channels_first(variant: ModuleType) -> bool:
    return getattr(variant, "LAYOUT", None) == CHANNELS_FIRST


def turned(variant: ModuleType, tensor):
    """Between the shared layout and the variant's, a view; what is no sequence stays as it is."""
    return tensor.transpose(1, 2) if channels_first(variant) and tensor.dim() == 3 else tensor


def head_native(variant: ModuleType, tensor, p: dict):
    """A weight for each element of a flattened sequence, in the order in which the variant's output is flattened."""
    return _reordered(tensor, p["seq_len"], p["d_model"]) if _per_element(variant, tensor, p) else tensor


def head_logical(variant: ModuleType, tensor, p: dict):
    return _reordered(tensor, p["d_model"], p["seq_len"]) if _per_element(variant, tensor, p) else tensor


def _per_element(variant: ModuleType, tensor, p: dict) -> bool:
    return channels_first(variant) and tensor.numel() == p["seq_len"] * p["d_model"]


def _reordered(tensor, rows: int, columns: int):
    return tensor.view(rows, columns).t().reshape(-1).contiguous()
