using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>A gated linear unit in place of the first layer: one product is multiplied with an activation of another.</summary>
internal abstract class GatedFeedForward : FeedForwardLayer
{
    private static readonly IReadOnlyList<AxisInfo> GatedAxes =
    [
        .. Axes.Where(a => a.Name != "d_ff"),
        new("d_ff", "integer", "hidden units", Default: "8*d_model//3", Minimum: 1),
    ];

    protected static VariantInfo Describe(string name, string activation) =>
        new(
            name,
            $"Feed-forward network with a linear unit gated by {activation}",
            $"y = ((x W1 + b1) * {activation}(x Wg + bg)) W2 + b2",
            "N. Shazeer, GLU Variants Improve Transformer, 2020; arXiv:2002.05202",
            GatedAxes,
            [],
            "3*d_model*d_ff+2*d_ff+d_model",
            "6*batch*seq_len*d_model*d_ff",
            "4*(2*batch*seq_len*d_model+3*batch*seq_len*d_ff+3*d_model*d_ff)",
            []
        );

    /// <summary>As the framework offers it: what is timed.</summary>
    protected abstract Tensor Activate(Tensor z);

    /// <summary>From the definition.</summary>
    protected abstract Tensor Definition(Tensor z, Func<Tensor, Tensor> kinks);

    public sealed override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (specs, gate) = (Specs(values), GateSpecs(values));
        var (w1, b1) = (weights.Linear(specs.W1), weights.Plain(specs.B1));
        var (wg, bg) = (weights.Linear(gate.Matrix), weights.Plain(gate.Bias));
        var (w2, b2) = (weights.Linear(specs.W2), weights.Plain(specs.B2));
        var (seqLen, dModel) = (values.Integer("seq_len"), values.Integer("d_model"));
        Func<Tensor, Tensor> activate = Activate;
        return (x, _) =>
        {
            using var tokens = x.view(-1, dModel);
            var opened = Functional.linear(tokens, wg, bg).Into(activate);
            return Functional
                .linear(tokens, w1, b1)
                .Into(value => opened.Into(value.mul))
                .Into(hidden => Functional.linear(hidden, w2, b2))
                .Into(y => y.view(-1, seqLen, dModel));
        };
    }

    public sealed override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    ) =>
        x.matmul(weights["w1"])
            .add(weights["b1"])
            .mul(Definition(x.matmul(weights["wg"]).add(weights["bg"]), kinks))
            .matmul(weights["w2"])
            .add(weights["b2"]);

    private static (WeightSpec Matrix, WeightSpec Bias) GateSpecs(AxisValues values) =>
        (
            WeightSpec.Matrix("wg", values.Integer("d_model"), values.Integer("d_ff")),
            WeightSpec.Bias("bg", values.Integer("d_ff"))
        );
}
