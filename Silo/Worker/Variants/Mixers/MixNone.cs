using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Mixers;

/// <summary>No mixing: the control.</summary>
internal sealed class MixNone : MixerLayer
{
    public override VariantInfo Info { get; } =
        new("mix.none", "No token mixer: the control", "y = x", "-", Axes, [], "0", "0", "0", []);

    // Another tensor over the same numbers: whoever runs a layer disposes of its output.
    public override Func<Tensor, bool, Tensor> Build(AxisValues values, WeightSet weights) => (x, _) => x.alias();

    public override Tensor Reference(
        Tensor x,
        IReadOnlyDictionary<string, Tensor> weights,
        AxisValues values,
        Func<Tensor, Tensor> kinks
    ) => x;
}
