using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Two contractions by einsum over the weights as the equation has them.</summary>
internal sealed class FfnEinsum : ExactForm
{
    public override VariantInfo Info { get; } =
        Describe("ffn.einsum", "Feed-forward network as two contractions by einsum");

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var (w1, b1) = (weights.Plain(specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (weights.Plain(specs.W2), weights.Plain(specs.B2));
        return (x, _) =>
            torch
                .einsum("bld,dh->blh", x, w1)
                .Into(z => z.add(b1))
                .Into(z => z.relu())
                .Into(hidden => torch.einsum("blh,hd->bld", hidden, w2))
                .Into(y => y.add(b2));
    }
}
