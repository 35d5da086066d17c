"""The feed-forward network as two GEMMs for each time step: Keras' TimeDistributed(Dense), read literally."""
from __future__ import annotations

from variants import _ffn, _layouts

VARIANT = _ffn.exact(
    name="ffn.timedist",
    summary="the same as two GEMMs for each time step, one step after the other, put together at the end",
    equation="y_t = max(0, x_t W1 + b1) W2 + b2 for t = 0 .. seq_len-1, with x_t as [batch, d_model]",
)

tensors = _ffn.tensors
native = _layouts.linear_native
logical = _layouts.linear_logical
reference = _ffn.reference


def build(p: dict, w: dict, timed: bool):
    import torch
    from torch.nn.functional import linear, relu

    w1, b1, w2, b2 = w["w1"], w["b1"], w["w2"], w["b2"]

    def forward(x):  # [batch, seq_len, d_model]
        return torch.stack([linear(relu(linear(step, w1, b1)), w2, b2) for step in x.unbind(1)], dim=1)

    return forward
