using Layerbench.Core.Catalog;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Passes;

/// <summary>The output of one batch, no gradient recorded.</summary>
internal sealed class Forward : Pass
{
    public override PassInfo Info { get; } = new("forward", "Output of one batch, no gradient recorded", [], "1", "1");

    public override Workload Prepare(LayerVariant variant, AxisValues values, SeededTensors source) =>
        new Batch(variant, values, source);

    private sealed class Batch(LayerVariant variant, AxisValues values, SeededTensors source)
        : BatchWorkload(variant, values, source, backwards: false, withInput: false)
    {
        public override void Run(long iterations)
        {
            using var _ = torch.inference_mode();
            var (layer, x) = (Made.Layer, X);
            for (var i = 0L; i < iterations; i++)
            {
                layer(x, true).Dispose();
            }
        }

        public override void Dispose() { }
    }
}
