using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>
/// Two convolutions of kernel 1. The input has the channels last, as in Keras, and libtorch's convolution wants them
/// before the time steps: both transpositions are part of what is timed, the first one's copy inside the convolution,
/// the last one's here, so that whoever reads the output gets it laid out as every other variant's.
/// </summary>
internal sealed class FfnConv1d : ExactForm
{
    public override VariantInfo Info { get; } =
        Describe("ffn.conv1d", "Feed-forward network as two convolutions of kernel 1, transpositions counted");

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var (w1, b1) = (weights.Pointwise(specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (weights.Pointwise(specs.W2), weights.Plain(specs.B2));
        return (x, _) =>
            x.transpose(1, 2)
                .Into(turned => Functional.conv1d(turned, w1, b1))
                .Into(z => z.relu())
                .Into(hidden => Functional.conv1d(hidden, w2, b2))
                .Into(y => y.transpose(1, 2))
                .Into(y => y.contiguous());
    }
}
