using Layerbench.Worker.Passes;

namespace Layerbench.Worker.Gate;

/// <summary>A variant of the cell, ready to run.</summary>
/// <param name="EqualTo">Variants that must give the same numbers from the same weights.</param>
/// <param name="ExtraWork">Side work inside each sample, as a share of the variant's own time.</param>
internal sealed record GatedVariant(
    string Label,
    string Variant,
    string Parameters,
    IReadOnlyList<string> EqualTo,
    Workload Workload,
    double ExtraWork = 0
);
