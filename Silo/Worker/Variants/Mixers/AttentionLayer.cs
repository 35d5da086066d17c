using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>What attentions share: four projections, and heads that mix tokens apart from one another.</summary>
internal abstract class AttentionLayer : MixerLayer
{
    protected const string WeightCount = "4*d_model**2";
    protected const string TokenElements = "10*batch*seq_len*d_model+4*d_model**2";

    private static readonly string[] Projections = ["wq", "wk", "wv", "wo"];

    protected static IReadOnlyList<AxisInfo> HeadAxes { get; } =
    [.. Axes, new("heads", "integer", "attention heads", "max(1, d_model//64)", Minimum: 1), Causal];

    protected static IReadOnlyList<ConstraintInfo> HeadConstraints { get; } =
    [new("d_model % heads == 0", "every head takes the same number of features")];

    /// <summary>What becomes of queries, keys and values.</summary>
    /// <returns>From three tensors [batch, heads, seq_len, d_model ÷ heads] to one.</returns>
    protected abstract Func<Tensor, Tensor, Tensor, Tensor> Core(AxisValues values, torch.Device device);

    /// <summary>The same for one head from the definition, on [batch, seq_len, d_model ÷ heads].</summary>
    protected abstract Tensor OneHead(Tensor q, Tensor k, Tensor v, AxisValues values);

    /// <summary>The scores of all heads.</summary>
    public sealed override long LargestItem(AxisValues values) =>
        Math.Max(base.LargestItem(values), Heads(values) * Length(values) * Length(values));

    public sealed override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (seqLen, dModel, heads) = (Length(values), Width(values), Heads(values));
        var projections = Projections.Select(n => weights.Linear(WeightSpec.Matrix(n, dModel, dModel))).ToArray();
        var output = projections[3];
        var core = Core(values, output.device);
        return (x, _) =>
        {
            using var q = Head(x, projections[0]);
            using var k = Head(x, projections[1]);
            using var v = Head(x, projections[2]);
            return core(q, k, v)
                .Into(all => all.transpose(1, 2))
                .Into(all => all.reshape(-1, seqLen, dModel))
                .Into(all => Functional.linear(all, output));
        };

        Tensor Head(Tensor x, Tensor projection) =>
            Functional
                .linear(x, projection)
                .Into(all => all.view(-1, seqLen, heads, dModel / heads))
                .Into(all => all.transpose(1, 2));
    }

    public sealed override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var (q, k, v) = (x.matmul(weights["wq"]), x.matmul(weights["wk"]), x.matmul(weights["wv"]));
        var size = Width(values) / Heads(values);
        var mixed = Enumerable
            .Range(0, checked((int)Heads(values)))
            .Select(h => OneHead(Part(q, h), Part(k, h), Part(v, h), values));
        return torch.cat([.. mixed], -1).matmul(weights["wo"]);

        Tensor Part(Tensor all, int head) => all.narrow(-1, head * size, size);
    }

    protected static long Length(AxisValues values) => values.Integer("seq_len");

    protected static long Width(AxisValues values) => values.Integer("d_model");

    /// <exception cref="ArgumentException">The features cannot be divided among the heads.</exception>
    protected static long Heads(AxisValues values)
    {
        var (dModel, heads) = (Width(values), values.Integer("heads"));
        return dModel % heads == 0
            ? heads
            : throw new ArgumentException(
                $"parameters.heads: {heads} does not divide d_model {dModel}; give a divisor of it."
            );
    }
}
