"""The feed-forward network as two GEMMs over all tokens."""
from __future__ import annotations

from variants import _ffn, _layouts

VARIANT = _ffn.exact(
    name="ffn.dense",
    summary="feed-forward network as two GEMMs over all N = batch*seq_len tokens",
    equation="y = max(0, x W1 + b1) W2 + b2, with x as [N, d_model]",
)

tensors = _ffn.tensors
native = _layouts.linear_native
logical = _layouts.linear_logical
reference = _ffn.reference


def build(p: dict, w: dict, timed: bool):
    from torch.nn.functional import linear, relu

    w1, b1, w2, b2 = w["w1"], w["b1"], w["w2"], w["b2"]
    d = p["d_model"]

    def forward(x):  # [batch, seq_len, d_model]; a last batch may be smaller
        return linear(relu(linear(x.view(-1, d), w1, b1)), w2, b2).view(x.shape)

    return forward
