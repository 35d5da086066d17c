using Layerbench.Core.Catalog;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Passes;

/// <summary>The output of one batch, then the gradients of input and weights.</summary>
internal sealed class ForwardBackward : Pass
{
    public override PassInfo Info { get; } =
        new("forward_backward", "Output of one batch, then gradients of input and weights", [], "3", "3");

    public override Workload Prepare(LayerVariant variant, AxisValues values, SeededTensors source) =>
        new Batch(variant, values, source);

    private sealed class Batch : BatchWorkload
    {
        private readonly Tensor[] leaves;

        public Batch(LayerVariant variant, AxisValues values, SeededTensors source)
            : base(variant, values, source, backwards: true, withInput: true) =>
            leaves = [X, .. Made.Weights.All.Select(w => w.Stored)];

        public override void DropGradients() => Gradients.Drop(leaves);

        public override void Run(long iterations)
        {
            var (layer, x) = (Made.Layer, X);
            Tensor[] upstream = [G];
            for (var i = 0L; i < iterations; i++)
            {
                Gradients.Drop(leaves);
                using var y = layer(x, true);
                y.backward(upstream);
            }
        }

        public override void Dispose() { }
    }
}
