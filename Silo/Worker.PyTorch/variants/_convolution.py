"""The global depthwise convolution: its plain formula, and the direct form through the framework's convolution.

circular  y[t, c] = sum over s of k[s, c] x[(t+s) mod L, c]
causal    y[t, c] = sum over s <= t of k[s, c] x[t-s, c]
"""
from __future__ import annotations

from functools import lru_cache

from variants import _mix, _spectral

AXES = _mix.AXES + (_mix.CAUSAL,)
EQUATION = (
    "y[t,c] = sum_s k[s,c] x[(t+s) mod seq_len, c]; causal: y[t,c] = sum_{s<=t} k[s,c] x[t-s, c], k [seq_len, d_model]"
)
CITATION = (
    "circular, as long as the sequence: Rao et al. 2021, Global Filter Networks, arXiv:2107.00645; causal: "
    "Romero et al. 2021, CKConv, arXiv:2102.02611"
)
PARAMETERS = "seq_len*d_model"
DIRECT_FLOPS = "2*batch*seq_len**2*d_model"
# Three real transforms, of 2.5 n log2 n each; n = 2L where zeros are appended.
FFT_FLOPS = f"(causal ? 15*({_spectral.LOG} + 1) : 7.5*{_spectral.LOG})*batch*seq_len*d_model"
BYTES = "4*(2*batch*seq_len*d_model + seq_len*d_model)"
FORMS = ("mix.gconv_circulant", "mix.gconv_direct", "mix.gconv_fft")
# Multiply-accumulates up to which the definition itself is the reference (seconds, not minutes, in float64).
MOST_BY_DEFINITION = 1 << 26


def tensors(p: dict):
    return (_mix.kernel(p),)


def reference(p: dict, w: dict, x, kink):
    return plain(w["k"], x, p["causal"])


def plain(k, x, causal: bool):
    """By the definition, lag by lag. Beyond MOST_BY_DEFINITION, and in types that have one, by the Fourier transform,
    which tests hold to the definition."""
    import torch

    if x.shape[1] * x.numel() > MOST_BY_DEFINITION and x.dtype in (torch.float32, torch.float64):
        return _spectral.convolve(k, x, causal)
    return _by_definition().apply(k, x, causal)


@lru_cache(maxsize=None)
def _by_definition():
    """An autograd function: recorded lag by lag, the definition would keep seq_len copies of x."""
    import torch

    class ByDefinition(torch.autograd.Function):
        @staticmethod
        def forward(ctx, k, x, causal):
            ctx.save_for_backward(k, x)
            ctx.causal = causal
            y = torch.zeros_like(x)
            for s in range(x.shape[1]):
                for to, of in _places(x.shape[1], s, causal):
                    y[:, to] += k[s] * x[:, of]
            return y

        @staticmethod
        def backward(ctx, g):
            k, x = ctx.saved_tensors
            to_k, to_x = torch.zeros_like(k), torch.zeros_like(x)
            for s in range(x.shape[1]):
                for to, of in _places(x.shape[1], s, ctx.causal):
                    to_x[:, of] += k[s] * g[:, to]
                    to_k[s] += (g[:, to] * x[:, of]).sum((0, 1))
            return to_k, to_x, None

    return ByDefinition


def _places(size: int, s: int, causal: bool):
    """(outputs, inputs) that lag s joins, as slices of the sequence."""
    if causal:
        return [(slice(s, size), slice(0, size - s))]
    return [(slice(0, size - s), slice(s, size)), (slice(size - s, size), slice(0, s))]


def direct(causal: bool, depthwise: bool = True):
    """The framework's convolution over k as [d_model, 1, seq_len], one group a channel, or [out, in, seq_len]."""
    from torch import cat, conv1d
    from torch.nn.functional import pad

    def convolve(k, x):  # [batch, seq_len, d_model]
        size, groups = x.shape[1], x.shape[2] if depthwise else 1
        x = x.transpose(1, 2)
        if causal:
            x, k = pad(x, (size - 1, 0)), k.flip(-1)
        else:
            x = cat((x, x[:, :, : size - 1]), 2)
        return conv1d(x, k, groups=groups).transpose(1, 2).contiguous()

    return convolve
