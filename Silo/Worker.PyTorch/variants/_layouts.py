"""Between the shared layout of a tensor, [in, out], and the ones that the framework's operators keep it in."""
from __future__ import annotations


def linear_native(name: str, tensor, p: dict):
    """F.linear keeps a matrix as [out, in]."""
    return tensor.t().contiguous() if tensor.dim() == 2 else tensor


def linear_logical(name: str, tensor, p: dict):
    return tensor.t() if tensor.dim() == 2 else tensor


def conv_native(name: str, tensor, p: dict):
    """F.conv1d keeps a kernel of width 1 as [out, in, 1]."""
    return tensor.t().contiguous().unsqueeze(-1) if tensor.dim() == 2 else tensor


def conv_logical(name: str, tensor, p: dict):
    return tensor.squeeze(-1).t() if tensor.dim() == 3 else tensor


def depthwise_native(name: str, tensor, p: dict):
    """F.conv1d keeps a kernel [width, channels] of one group a channel as [channels, 1, width]."""
    return tensor.t().contiguous().unsqueeze(1) if tensor.dim() == 2 else tensor


def depthwise_logical(name: str, tensor, p: dict):
    return tensor.squeeze(1).t() if tensor.dim() == 3 else tensor
