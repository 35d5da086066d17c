using Layerbench.Core.Catalog;
using Layerbench.Core.Sweeps.Matching;

namespace Layerbench.Core.Sweeps;

// What is chosen at each point so that variants meet the baseline on equal terms; see MatchSpec.
public sealed partial class SweepPlan
{
    /// <summary>What was chosen for the cell's variants; empty where the sweep matches nothing, and for a control.</summary>
    public IReadOnlyList<Matched> Matches(Cell cell)
    {
        if (Spec.Match is null || cell.Control != ControlKind.None)
        {
            return [];
        }

        var lookup = Lookup(Resolve(PointOf(cell), out _));
        return [.. Uses(cell).Select(use => use.MatchAt(lookup)).OfType<Matched>()];
    }

    /// <summary>Whether a matched variant can run at the cell's point with this value of its axis.</summary>
    public bool Allows(Cell cell, Matched match, long value)
    {
        var lookup = Lookup(Resolve(cell.Index, out _));
        return Uses(cell)
            .First(u => string.Equals(u.Label, match.Label, StringComparison.Ordinal))
            .Allows(lookup, value);
    }

    private static PlanUse[] MatchedUses(SweepSpec spec, VariantCatalog catalog, PassInfo pass)
    {
        var plain = spec.Variants.Select(v => new PlanUse(v, Known(catalog, v.Variant), pass)).ToArray();
        if (spec.Match is not { } match)
        {
            return plain;
        }

        var baseline = plain.First(u => string.Equals(u.Label, spec.Baseline, StringComparison.Ordinal));
        return Array.ConvertAll(
            plain,
            use => match.Adjust.TryGetValue(use.Label, out var axis) ? new PlanUse(use, match, axis, baseline) : use
        );
    }
}
