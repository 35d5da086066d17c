"""The feed-forward half of a Transformer block as Keras code writes it: convolutions of kernel 1, post-LN."""
from __future__ import annotations

from catalogue import Axis, Tensor, Variant
from variants import _ffn, _layouts, _norm

VARIANT = Variant(
    name="ffn.keras_block",
    summary="conv k=1, ReLU, conv k=1, dropout, residual, LayerNorm after (post-LN)",
    equation="y = LN(x + dropout(max(0, x W1 + b1) W2 + b2)), LN over d_model with scale and shift, epsilon 1e-6",
    citation="Vaswani et al. 2017, arXiv:1706.03762, sections 3.1, 3.3 and 5.4 (dropout, then add, then norm); "
    "epsilon as in Keras' Transformer examples",
    axes=_ffn.AXES
    + (
        Axis(
            "dropout",
            "real",
            "share of the output that is dropped while timed; off in the gate",
            default="0",
            minimum=0,
            maximum=0.9,
        ),
    ),
    constraints=(_norm.CONSTRAINT,),
    parameters=_ffn.PARAMETERS + " + 2*d_model",
    # Beside the convolutions, per element of the output: one addition and the norm.
    forward_flops=_ffn.FLOPS + f" + {1 + _norm.FLOPS}*batch*seq_len*d_model",
    forward_bytes=_ffn.BYTES,
)

native = _layouts.conv_native
logical = _layouts.conv_logical


def tensors(p: dict) -> tuple[Tensor, ...]:
    return _ffn.tensors(p) + _norm.tensors(p["d_model"])


def build(p: dict, w: dict, timed: bool):
    from torch import conv1d
    from torch.nn.functional import dropout, relu

    w1, b1, w2, b2 = (w[n] for n in ("w1", "b1", "w2", "b2"))
    normalised = _norm.function(w)
    rate = float(p["dropout"]) if timed else 0.0

    def forward(x):  # [batch, seq_len, d_model]
        y = conv1d(relu(conv1d(x.transpose(1, 2), w1, b1)), w2, b2).transpose(1, 2)
        if rate > 0:
            y = dropout(y, rate, True)
        return normalised(x + y)

    return forward


def reference(p: dict, w: dict, x, kink):
    return _norm.plain(w, x + _ffn.plain(w, x, kink))
