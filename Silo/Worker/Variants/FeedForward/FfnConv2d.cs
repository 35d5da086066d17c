using Layerbench.Core.Catalog;
using Parameter = TorchSharp.Modules.Parameter;

namespace Layerbench.Worker.Variants.FeedForward;

/// <summary>Two convolutions of kernel 1×1 over an image one pixel wide, transpositions counted as in <see cref="FfnConv1d"/>.</summary>
internal sealed class FfnConv2d : ExactForm
{
    public override VariantInfo Info { get; } =
        Describe("ffn.conv2d", "Feed-forward network as two 1x1 image convolutions, transpositions counted");

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var specs = Specs(values);
        var (w1, b1) = (Kernel(weights, specs.W1), weights.Plain(specs.B1));
        var (w2, b2) = (Kernel(weights, specs.W2), weights.Plain(specs.B2));
        return (x, _) =>
            x.transpose(1, 2)
                .Into(turned => turned.unsqueeze(-1))
                .Into(image => Functional.conv2d(image, w1, b1))
                .Into(z => z.relu())
                .Into(hidden => Functional.conv2d(hidden, w2, b2))
                .Into(image => image.squeeze(-1))
                .Into(y => y.transpose(1, 2))
                .Into(y => y.contiguous());
    }

    /// <summary>Stored as [out, in, 1, 1].</summary>
    private static Parameter Kernel(WeightSet weights, WeightSpec spec) =>
        weights.Arranged(spec, t => t.t().contiguous().unsqueeze(-1).unsqueeze(-1), t => t.squeeze(-1).squeeze(-1).t());
}
