using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>The sum itself, as the framework's grouped convolution.</summary>
internal sealed class MixGconvDirect : GlobalConvolution
{
    public override VariantInfo Info { get; } =
        Describe(
            "mix.gconv_direct",
            "Global depthwise convolution, circular or causal, as a grouped convolution",
            DirectFlops,
            LeastBytes
        );

    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights)
    {
        var mix = Convolutions.Direct(values, weights.Depthwise(Kernel(values)), values.Integer("d_model"));
        return (x, _) => mix(x);
    }
}
