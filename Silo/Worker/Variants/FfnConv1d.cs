using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants;

/// <summary>
/// Two convolutions of kernel 1. The input has the channels last, as in Keras, and libtorch's convolution wants them
/// before the time steps: both transpositions are part of what is timed, the first one's copy inside the convolution,
/// the last one's here, so that whoever reads the output gets it laid out as every other variant's.
/// </summary>
internal sealed class FfnConv1d : FeedForward
{
    public override VariantInfo Info { get; } =
        new(
            "ffn.conv1d",
            "Feed-forward network as two convolutions of kernel 1, transpositions counted",
            "max(0, x W1 + b1) W2 + b2",
            Transformer,
            Axes,
            [],
            WeightCount,
            Flops,
            Bytes,
            ["ffn.dense"]
        );

    public override string ReferenceName => "ffn.dense";

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var (w1, b1) = (weights.Pointwise(specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (weights.Pointwise(specs.W2), weights.Plain(specs.B2));
        return (x, _) =>
        {
            var turned = x.transpose(1, 2);
            var first = Functional.conv1d(turned, w1, b1);
            turned.Dispose();
            var hidden = Functional.relu(first);
            first.Dispose();
            var second = Functional.conv1d(hidden, w2, b2);
            hidden.Dispose();
            var back = second.transpose(1, 2);
            second.Dispose();
            var y = back.contiguous();
            back.Dispose();
            return y;
        };
    }

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Action<Tensor> kinks
    ) => Formula(x, weights, kinks);
}
