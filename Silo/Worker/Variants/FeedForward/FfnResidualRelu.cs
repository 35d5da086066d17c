using System.Globalization;
using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>The "simple feed forward relu residual model", its depth as an axis.</summary>
internal sealed class FfnResidualRelu : FeedForwardLayer
{
    public override VariantInfo Info { get; } =
        new(
            "ffn.residual_relu",
            "Residual ReLU feed-forward network of several layers",
            "x_{k+1} = x_k + max(0, x_k W1_k + b1_k) W2_k + b2_k, k = 1..depth",
            Transformer + "; residual: K. He et al., 2015, arXiv:1512.03385",
            [.. Axes, new("depth", "integer", "layers", "1", Minimum: 1)],
            [],
            $"depth*({WeightCount})",
            $"depth*({Flops})",
            $"depth*({Bytes})",
            []
        );

    public override bool CanBePart => false;

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var (seqLen, dModel) = (values.Integer("seq_len"), values.Integer("d_model"));
        var layers = Enumerable
            .Range(0, checked((int)values.Integer("depth")))
            .Select(k => Specs(values, Suffix(k)))
            .Select(s =>
                (W1: weights.Linear(s.W1), B1: weights.Plain(s.B1), W2: weights.Linear(s.W2), B2: weights.Plain(s.B2))
            )
            .ToArray();
        return (x, _) =>
        {
            var tokens = x.view(-1, dModel);
            foreach (var (w1, b1, w2, b2) in layers)
            {
                tokens = tokens.Into(before =>
                    Functional
                        .linear(before, w1, b1)
                        .Into(z => z.relu())
                        .Into(hidden => Functional.linear(hidden, w2, b2))
                        .Into(before.add)
                );
            }

            return tokens.Into(all => all.view(-1, seqLen, dModel));
        };
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        for (var k = 0; k < values.Integer("depth"); k++)
        {
            x = x.add(Formula(x, weights, kinks, Suffix(k)));
        }

        return x;
    }

    private static string Suffix(int layer) => "_" + layer.ToString(CultureInfo.InvariantCulture);
}
