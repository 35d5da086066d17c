using Layerbench.Worker.Passes;

namespace Layerbench.Worker.Gate;

/// <summary>A variant of the cell, ready to run.</summary>
/// <param name="EqualTo">Variants that must give the same numbers from the same weights.</param>
internal sealed record GatedVariant(
    string Label,
    string Variant,
    string Parameters,
    IReadOnlyList<string> EqualTo,
    Workload Workload
);
