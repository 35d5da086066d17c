using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>gMLP's layer: half of the hidden features gates the other half, after a projection over time steps.</summary>
internal sealed class MixGmlp : MixerLayer
{
    public override VariantInfo Info { get; } =
        new(
            "mix.gmlp",
            "gMLP layer with its spatial gating unit",
            "[u, v] = GELU(x U), s = u * (W LN(v) + b), y = s V, W [seq_len, seq_len]; causal: W lower triangular",
            "H. Liu et al., Pay Attention to MLPs, 2021, equations 1 to 4, without the projections' biases; arXiv:2105.08050",
            [.. Axes, new("gmlp_ff", "integer", "hidden features, u and v together", "4*d_model", Minimum: 4), Causal],
            [new("gmlp_ff % 2 == 0", "the hidden features are halved")],
            "3*d_model*gmlp_ff//2+gmlp_ff+seq_len**2+seq_len",
            "batch*(3*seq_len*d_model*gmlp_ff+seq_len**2*gmlp_ff)",
            "4*(2*batch*seq_len*d_model+4*batch*seq_len*gmlp_ff+3*d_model*gmlp_ff/2+seq_len**2)",
            []
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (seqLen, d, half) = (values.Integer("seq_len"), values.Integer("d_model"), Half(values));
        var up = weights.Linear(WeightSpec.Matrix("u", d, 2 * half));
        var normalise = LayerNorm.Build(weights, "gate", half);
        var spatial = weights.Plain(WeightSpec.Matrix("spatial", seqLen, seqLen));
        // Near 1, so that at first the unit lets everything through.
        var bias = weights.Plain(WeightSpec.Scale("spatial_b", seqLen));
        var down = weights.Linear(WeightSpec.Matrix("v", half, d));
        var causal = values.Truth("causal");
        return (x, _) =>
        {
            using var hidden = Functional.linear(x, up).Into(z => z.gelu());
            var (u, v) = (hidden.narrow(-1, 0, half), hidden.narrow(-1, half, half));
            using var overTime = causal ? spatial.tril() : spatial.alias();
            using var column = bias.unsqueeze(1);
            return v.Into(normalise)
                .Into(overTime.matmul)
                .Into(mixed => mixed.add(column))
                .Into(gate => u.Into(open => open.mul(gate)))
                .Into(gated => Functional.linear(gated, down));
        };
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var hidden = Nonlinearity.Gelu(x.matmul(weights["u"])).chunk(2, -1);
        var spatial = values.Truth("causal") ? weights["spatial"].tril() : weights["spatial"];
        var gate = spatial
            .matmul(LayerNorm.Definition(hidden[1], weights, "gate"))
            .add(weights["spatial_b"].unsqueeze(1));
        return hidden[0].mul(gate).matmul(weights["v"]);
    }

    /// <exception cref="ArgumentException">There are no halves.</exception>
    private static long Half(AxisValues values) =>
        values.Integer("gmlp_ff") is var hidden && hidden % 2 == 0
            ? hidden / 2
            : throw new ArgumentException($"parameters.gmlp_ff: {hidden} cannot be halved; give an even number.");
}
