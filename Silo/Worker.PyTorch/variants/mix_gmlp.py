"""gMLP's layer: half of the hidden features gates the other half, after a projection over time steps."""
from __future__ import annotations

from catalogue import Axis, Constraint, Tensor, Variant
from variants import _layouts, _mix, _nonlinear, _norm

VARIANT = Variant(
    name="mix.gmlp",
    summary="gMLP layer with its spatial gating unit",
    equation="[u, v] = gelu(x U), s = u * (W LN(v) + b), y = s V, W [seq_len, seq_len]; causal: W lower triangular",
    citation="Liu et al. 2021, Pay Attention to MLPs, equations 1 to 4, arXiv:2105.08050; without the projections' biases",
    axes=_mix.AXES + (Axis("gmlp_ff", "integer", "hidden features, u and v together", "4*d_model", 4), _mix.CAUSAL),
    constraints=(Constraint("gmlp_ff % 2 == 0", "the hidden features are halved"),),
    parameters="3*d_model*gmlp_ff//2 + gmlp_ff + seq_len**2 + seq_len",
    forward_flops="batch*(3*seq_len*d_model*gmlp_ff + seq_len**2*gmlp_ff)",
    forward_bytes="4*(2*batch*seq_len*d_model + 4*batch*seq_len*gmlp_ff + 3*d_model*gmlp_ff/2 + seq_len**2)",
)


def tensors(p: dict) -> tuple[Tensor, ...]:
    d, half, size = p["d_model"], p["gmlp_ff"] // 2, p["seq_len"]
    return (
        _mix.matrix("u", d, 2 * half),
        *_norm.tensors(half, "gate"),
        Tensor("spatial", (size, size), "matrix", fan_in=size),
        Tensor("spatial_b", (size,), "scale"),  # near 1, so that at first the unit lets everything through
        _mix.matrix("v", half, d),
    )


def native(name: str, tensor, p: dict):
    return _layouts.linear_native(name, tensor, p) if name in ("u", "v") else tensor


def logical(name: str, tensor, p: dict):
    return _layouts.linear_logical(name, tensor, p) if name in ("u", "v") else tensor


def build(p: dict, w: dict, timed: bool):
    from torch import matmul
    from torch.nn.functional import gelu, linear

    spatial, bias, causal = w["spatial"], w["spatial_b"], p["causal"]
    normalised = _norm.function(w, "gate")

    def forward(x):  # [batch, seq_len, d_model]
        u, v = gelu(linear(x, w["u"])).chunk(2, -1)
        over_time = spatial.tril() if causal else spatial
        return linear(u * (matmul(over_time, normalised(v)) + bias[:, None]), w["v"])

    return forward


def reference(p: dict, w: dict, x, kink):
    u, v = _nonlinear.gelu(x.matmul(w["u"])).chunk(2, -1)
    spatial = w["spatial"].tril() if p["causal"] else w["spatial"]
    return (u * (spatial.matmul(_norm.plain(w, v, "gate")) + w["spatial_b"][:, None])).matmul(w["v"])
