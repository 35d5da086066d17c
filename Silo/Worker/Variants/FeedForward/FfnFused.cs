using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Bias and activation inside the first matrix product, which the binding does not offer: told, and skipped.</summary>
internal sealed class FfnFused : ExactForm
{
    public override VariantInfo Info { get; } =
        Describe("ffn.fused", "Feed-forward network with bias and ReLU fused into the first matrix product");

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights) =>
        throw new NotSupportedException(
            "ffn.fused: TorchSharp has no product with a fused activation; give ffn.dense, or the backend pytorch."
        );
}
