using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Gate;

/// <summary>A variant does not compute what it says it computes.</summary>
internal sealed class IncorrectException(string message) : Exception(message);

/// <summary>
/// Compares every variant of a cell with its float64 reference, and variants that must be equal with each other, before
/// anything is timed.
/// </summary>
internal sealed class CorrectnessGate(Tolerance tolerance)
{
    /// <exception cref="VariantException">
    /// Of <see cref="IncorrectException"/>: an output or a gradient is further away than the tolerance.
    /// </exception>
    public IReadOnlyList<PreparedFacts> Check(IReadOnlyList<GatedVariant> variants)
    {
        using var scope = torch.NewDisposeScope();
        var judges = new Dictionary<string, Judge>(StringComparer.Ordinal);
        var seen = new List<(GatedVariant Variant, GateView View)>();
        return [.. variants.Select(v => VariantException.Blame(v.Label, () => Check(v, judges, seen)))];
    }

    private PreparedFacts Check(
        GatedVariant variant,
        Dictionary<string, Judge> judges,
        List<(GatedVariant Variant, GateView View)> seen
    )
    {
        var workload = variant.Workload;
        if (!judges.TryGetValue(workload.ReferenceKey, out var judge))
        {
            judges[workload.ReferenceKey] = judge = new(tolerance, workload);
        }

        if (judge.Reference is null || workload.Observe(judge.Kinks) is not { } observed)
        {
            return new(variant.Label, workload.ParameterCount, 0, null, tolerance.Outputs);
        }

        var (forward, gradient, allowed) = judge.Compare(observed, judge.Reference, "the float64 reference");
        foreach (var (other, view) in seen.Where(s => MustAgree(variant, s.Variant)))
        {
            judge.Compare(observed, view, $"'{other.Label}', which must be equal");
        }

        seen.Add((variant, observed));
        return new(variant.Label, workload.ParameterCount, forward, gradient, allowed);
    }

    /// <summary>The same variant twice, or two that name each other, at the same parameters and so with the same weights.</summary>
    private static bool MustAgree(GatedVariant a, GatedVariant b) =>
        a.Parameters == b.Parameters
        && (a.Variant == b.Variant || a.EqualTo.Contains(b.Variant) || b.EqualTo.Contains(a.Variant));
}
