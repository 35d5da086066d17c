"""What token mixers share. L = seq_len, d = d_model; costs are of the whole batch."""
from __future__ import annotations

from catalogue import Axis, Tensor

AXES = (
    Axis("batch", "integer", "sequences in a batch", minimum=1),
    Axis("seq_len", "integer", "time steps of a sequence", minimum=1),
    Axis("d_model", "integer", "features of a time step", minimum=1),
)
CAUSAL = Axis("causal", "truth", "whether a time step sees itself and earlier ones only", default="false")


def kernel(p: dict, name: str = "k") -> Tensor:
    """One value for each lag and channel; an output is a sum over lags."""
    return Tensor(name, (p["seq_len"], p["d_model"]), "matrix", fan_in=p["seq_len"])


def matrix(name: str, rows: int, columns: int) -> Tensor:
    return Tensor(name, (rows, columns), "matrix", fan_in=rows)


def later(size: int, device):
    """[size, size], true where the column is a later time step than the row."""
    import torch

    return torch.ones(size, size, dtype=torch.bool, device=device).triu(1)
