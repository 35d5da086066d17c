using Layerbench.Core.Catalog;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Passes;

/// <summary>One epoch of the training benchmark that started this: layer, flatten, Dense(1), sigmoid, cross-entropy, Adam.</summary>
internal sealed class SeedEpoch : Pass
{
    public override PassInfo Info { get; } =
        new(
            "seed_epoch",
            "One epoch: the variant, flatten, Dense(1), sigmoid, binary cross-entropy, Adam",
            [
                new("samples", "integer", "sequences in the data set", Minimum: 1),
                new(
                    "state",
                    "text",
                    "whether an epoch goes on with the weights of the one before or starts from the first ones",
                    "continue",
                    Values: ["continue", "reset"]
                ),
                new(
                    "data",
                    "text",
                    "where the batches lie: on the device, or in host memory, from where each step copies its own",
                    "device",
                    Values: ["device", "host"]
                ),
            ],
            "3*ceil(samples/batch)",
            "4 + samples/batch"
        );

    public override Workload Prepare(LayerVariant variant, AxisValues values, SeededTensors source) =>
        new EpochWorkload(variant, values, source);
}
