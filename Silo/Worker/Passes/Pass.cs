using Layerbench.Core.Catalog;
using Layerbench.Worker.Generator;
using Layerbench.Worker.Learning;
using Layerbench.Worker.Variants;

namespace Layerbench.Worker.Passes;

/// <summary>What is timed of a layer, or trained with it.</summary>
internal abstract class Pass
{
    /// <summary>In the order in which the catalogue lists them.</summary>
    public static IReadOnlyList<Pass> All { get; } =
    [
        new Forward(),
        new ForwardBackward(),
        new TrainingStep(),
        new SeedEpoch(),
        new Pairwise(),
        new Recall(),
        new Parity(),
        new SelectiveCopy(),
        new Induction(),
        new Interaction(),
    ];

    public abstract PassInfo Info { get; }

    /// <summary>Draws inputs and weights. Tensors belong to the scope that is open.</summary>
    public abstract Workload Prepare(LayerVariant variant, AxisValues values, SeededTensors source);

    /// <exception cref="NotSupportedException">No pass has this name.</exception>
    public static Pass Find(string name) =>
        All.FirstOrDefault(p => p.Info.Name == name)
        ?? throw new NotSupportedException(
            $"pass: '{name}' is unknown; give one of {string.Join(", ", All.Select(p => p.Info.Name))}."
        );
}
