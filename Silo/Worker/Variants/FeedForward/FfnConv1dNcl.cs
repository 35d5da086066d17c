using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Two convolutions of kernel 1 in a network that keeps the channels first throughout: no transposition at all.</summary>
internal sealed class FfnConv1dNcl : ExactForm
{
    public override VariantInfo Info { get; } =
        Describe(
            "ffn.conv1d_ncl",
            "Feed-forward network as two convolutions of kernel 1 on channels-first data, no transpositions"
        );

    public override ItemLayout Layout => ItemLayout.ChannelsFirst;

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var (w1, b1) = (weights.Pointwise(specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (weights.Pointwise(specs.W2), weights.Plain(specs.B2));
        return (x, _) =>
            Functional.conv1d(x, w1, b1).Into(z => z.relu()).Into(hidden => Functional.conv1d(hidden, w2, b2));
    }
}
