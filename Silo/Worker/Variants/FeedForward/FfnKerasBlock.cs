using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>The block as Keras tutorials write it, post-LN, by convolutions of kernel 1.</summary>
internal sealed class FfnKerasBlock : FeedForwardLayer
{
    public override VariantInfo Info { get; } =
        new(
            "ffn.keras_block",
            "Convolution k=1, ReLU, convolution k=1, dropout, add, LayerNorm (post-LN)",
            "LayerNorm(x + Dropout(max(0, x W1 + b1) W2 + b2)), eps 1e-6",
            Transformer + "; LayerNorm: J. L. Ba et al., 2016, arXiv:1607.06450",
            [
                .. Axes,
                new(
                    "dropout",
                    "real",
                    "share of the outputs that is dropped while timed",
                    "0",
                    Minimum: 0,
                    Maximum: 0.9
                ),
            ],
            [new("d_model >= 2", LayerNorm.Reason)],
            WeightCount + "+2*d_model",
            // Beside the convolutions, for each output: add 1; mean 1, variance 3, normalise 2, scale and shift 2.
            Flops + "+9*batch*seq_len*d_model",
            Bytes,
            []
        );

    public override bool CanBePart => false;

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var dModel = values.Integer("d_model");
        var dropout = values.Real("dropout");
        var (w1, b1) = (weights.Pointwise(specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (weights.Pointwise(specs.W2), weights.Plain(specs.B2));
        var normalise = LayerNorm.Build(weights, "ln", dModel);
        return (x, drop) =>
        {
            var y = x.transpose(1, 2)
                .Into(turned => Functional.conv1d(turned, w1, b1))
                .Into(z => z.relu())
                .Into(hidden => Functional.conv1d(hidden, w2, b2))
                .Into(turned => turned.transpose(1, 2));
            if (drop && dropout > 0)
            {
                y = y.Into(all => Functional.dropout(all, dropout, training: true));
            }

            return y.Into(x.add).Into(normalise);
        };
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    ) => LayerNorm.Definition(x.add(Formula(x, weights, kinks)), weights, "ln");
}
