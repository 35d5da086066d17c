"""MLP-Mixer's token mixing: one hidden layer over the time steps, the same for every channel."""
from __future__ import annotations

from catalogue import Axis, Variant
from variants import _mix, _nonlinear

VARIANT = Variant(
    name="mix.mlp",
    summary="token-mixing MLP: one hidden layer over time steps, shared by the channels; no causal form",
    equation="y[:,c] = T2^T gelu(T1^T x[:,c]) for every channel c, GELU exact (erf)",
    citation="Tolstikhin et al. 2021, MLP-Mixer, equation 1, arXiv:2105.01601; without biases",
    axes=_mix.AXES + (Axis("tokens_ff", "integer", "hidden units over time steps", "2*seq_len", minimum=1),),
    constraints=(),
    parameters="2*seq_len*tokens_ff",
    forward_flops="4*batch*seq_len*tokens_ff*d_model",
    forward_bytes="4*(2*batch*seq_len*d_model + 2*batch*tokens_ff*d_model + 2*seq_len*tokens_ff)",
)


def tensors(p: dict):
    size, hidden = p["seq_len"], p["tokens_ff"]
    return _mix.matrix("t1", size, hidden), _mix.matrix("t2", hidden, size)


def build(p: dict, w: dict, timed: bool):
    from torch import matmul
    from torch.nn.functional import gelu

    t1, t2 = w["t1"], w["t2"]

    def forward(x):  # [batch, seq_len, d_model]
        return matmul(gelu(matmul(x.transpose(1, 2), t1)), t2).transpose(1, 2).contiguous()

    return forward


def reference(p: dict, w: dict, x, kink):
    return _nonlinear.gelu(x.transpose(1, 2).matmul(w["t1"])).matmul(w["t2"]).transpose(1, 2)
