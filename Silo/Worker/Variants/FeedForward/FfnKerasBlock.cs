using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>The block as Keras tutorials write it, post-LN, by convolutions of kernel 1.</summary>
internal sealed class FfnKerasBlock : FeedForwardLayer
{
    // As Keras' Transformer examples set it; the layer's own default is 1e-3.
    private const double Epsilon = 1e-6;

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
            [new("d_model >= 2", "LayerNorm over one feature gives a constant, whatever the input")],
            WeightCount + "+2*d_model",
            // Beside the convolutions, for each output: add 1; mean 1, variance 3, normalise 2, scale and shift 2.
            Flops + "+9*batch*seq_len*d_model",
            Bytes,
            []
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var dModel = values.Integer("d_model");
        var dropout = values.Real("dropout");
        var (w1, b1) = (weights.Pointwise(specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (weights.Pointwise(specs.W2), weights.Plain(specs.B2));
        var scale = weights.Plain(WeightSpec.Scale("ln_scale", dModel));
        var shift = weights.Plain(WeightSpec.Bias("ln_shift", dModel));
        long[] normalised = [dModel];
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

            return y.Into(x.add).Into(sum => Functional.layer_norm(sum, normalised, scale, shift, Epsilon));
        };
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    )
    {
        var sum = x.add(Formula(x, weights, kinks));
        var centred = sum.sub(sum.mean([-1], keepdim: true));
        var variance = centred.mul(centred).mean([-1], keepdim: true);
        return centred.div(variance.add(Epsilon).sqrt()).mul(weights["ln_scale"]).add(weights["ln_shift"]);
    }
}
