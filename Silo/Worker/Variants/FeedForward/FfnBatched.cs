using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>A matrix product for each sequence of the batch, in one batched call; every sequence has the same weights.</summary>
internal sealed class FfnBatched : ExactForm
{
    public override VariantInfo Info { get; } =
        Describe(
            "ffn.batched",
            "Feed-forward network as two batched matrix products, one matrix for each sequence",
            "y[b] = max(0, x[b] W1 + b1) W2 + b2 for every sequence b"
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var (w1, b1) = (weights.Plain(specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (weights.Plain(specs.W2), weights.Plain(specs.B2));
        return (x, _) =>
            Product(x, w1)
                .Into(z => z.add(b1))
                .Into(z => z.relu())
                .Into(hidden => Product(hidden, w2))
                .Into(y => y.add(b2));
    }

    /// <summary>x[b]·matrix for every b. A matmul would fold the batch into one product; the expansion copies nothing.</summary>
    private static Tensor Product(Tensor x, Tensor matrix) => matrix.expand(x.size(0), -1, -1).Into(x.bmm);
}
