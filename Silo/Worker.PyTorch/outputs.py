"""A variant's output as text, for tests that compare workers."""
from __future__ import annotations

import base64
import sys

from faults import Fault
from workload import Workload

MAXIMUM_ELEMENTS = 1 << 20


def encoded(work: Workload) -> tuple[list[int], str]:
    """(shape, base64 of little-endian float32 values, row by row)."""
    import torch

    with torch.inference_mode():
        y = work.turned(work.forward(timed=False)(work.first_batch))
    if y.numel() > MAXIMUM_ELEMENTS:
        raise Fault(
            "error",
            f"output: {y.numel()} elements; at most {MAXIMUM_ELEMENTS} are sent, ask for a smaller cell",
            work.label,
        )
    data = y.to("cpu", torch.float32).contiguous()
    return list(y.shape), base64.b64encode(_little_endian_bytes(data)).decode()


def _little_endian_bytes(tensor) -> bytes:
    """Without numpy, which the framework may lack."""
    import ctypes

    data = ctypes.string_at(tensor.data_ptr(), tensor.numel() * 4)
    if sys.byteorder == "little":
        return data
    from array import array

    swapped = array("f", data)
    swapped.byteswap()
    return swapped.tobytes()
