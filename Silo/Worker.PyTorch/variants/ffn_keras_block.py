"""The feed-forward half of a Transformer block as Keras code writes it: convolutions of kernel 1, post-LN."""
from __future__ import annotations

from catalogue import Axis, Constraint, Tensor, Variant
from variants import _ffn

EPSILON = 1e-6  # as Keras' Transformer examples set it; the layer's own default is 1e-3

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
    constraints=(Constraint("d_model >= 2", "LayerNorm over one feature gives a constant, whatever the input"),),
    parameters=_ffn.PARAMETERS + " + 2*d_model",
    # Beside the convolutions, per element of the output: add 1; mean 1, variance 3, normalise 2, scale and shift 2.
    forward_flops=_ffn.FLOPS + " + 9*batch*seq_len*d_model",
    forward_bytes=_ffn.BYTES,
)

native = _ffn.conv_native
logical = _ffn.conv_logical


def tensors(p: dict) -> tuple[Tensor, ...]:
    d = p["d_model"]
    return _ffn.tensors(p) + (Tensor("ln_scale", (d,), "scale"), Tensor("ln_shift", (d,), "bias"))


def build(p: dict, w: dict, timed: bool):
    from torch import conv1d
    from torch.nn.functional import dropout, layer_norm, relu

    w1, b1, w2, b2, scale, shift = (w[n] for n in ("w1", "b1", "w2", "b2", "ln_scale", "ln_shift"))
    rate = float(p["dropout"]) if timed else 0.0
    normalised = (p["d_model"],)

    def forward(x):  # [batch, seq_len, d_model]
        y = conv1d(relu(conv1d(x.transpose(1, 2), w1, b1)), w2, b2).transpose(1, 2)
        if rate > 0:
            y = dropout(y, rate, True)
        return layer_norm(x + y, normalised, scale, shift, EPSILON)

    return forward


def reference(p: dict, w: dict, x, kink):
    s = x + _ffn.plain(w, x, kink)
    centred = s - s.mean(-1, keepdim=True)
    variance = (centred * centred).mean(-1, keepdim=True)
    return centred / (variance + EPSILON).sqrt() * w["ln_scale"] + w["ln_shift"]
