using Layerbench.Core.Catalog;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Variants;
using TorchSharp.Modules;

namespace Layerbench.Worker.Passes;

/// <summary>The output of one batch, the gradients of the weights, one Adam step.</summary>
internal sealed class TrainingStep : Pass
{
    public override PassInfo Info { get; } =
        new("training_step", "Output of one batch, gradients of the weights, one Adam step", [], "3", "4");

    public override Workload Prepare(LayerVariant variant, AxisValues values, SeededTensors source) =>
        new Batch(variant, values, source);

    private sealed class Batch : BatchWorkload
    {
        private readonly Tensor[] leaves;
        private readonly Adam optimiser;
        private readonly FirstState first;

        public Batch(LayerVariant variant, AxisValues values, SeededTensors source)
            : base(variant, values, source, backwards: true, withInput: false)
        {
            leaves = [.. Made.Weights.All.Select(w => w.Stored)];
            if (leaves.Length == 0)
            {
                throw new NotSupportedException(
                    $"training_step: {variant.Info.Name} has nothing to train here; give forward or forward_backward."
                );
            }

            optimiser = Optimisers.Adam(Made.Weights);
            first = new(Made.Weights, optimiser);
        }

        public override void BeforeSample() => first.Restore();

        public override void DropGradients() => Gradients.Drop(leaves);

        public override void Run(long iterations)
        {
            var (layer, x) = (Made.Layer, X);
            Tensor[] upstream = [G];
            for (var i = 0L; i < iterations; i++)
            {
                Gradients.Drop(leaves);
                using (var y = layer(x, true))
                {
                    y.backward(upstream);
                }

                optimiser.step();
            }
        }

        public override void Dispose() => optimiser.Dispose();
    }
}
