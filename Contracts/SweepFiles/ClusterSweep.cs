using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;

namespace Layerbench.SweepFiles;

/// <summary>What of sweep files a cluster can run.</summary>
public static class ClusterSweep
{
    /// <summary>What a store has kept of a sweep, as a cluster runs it.</summary>
    /// <exception cref="BadInputException">Everything in it that is wrong, unknown to the catalogue, or not for a cluster.</exception>
    public static LoadedSweep Load(SweepRecord record, VariantCatalog catalog)
    {
        var sweep = LoadedSweep.FromRecord(record, new SweepRequest([]), catalog);
        return Refusals(sweep.Spec) is { Count: > 0 } refusals ? throw new BadInputException(refusals) : sweep;
    }

    /// <summary>What of a valid sweep a cluster does not do; empty where it can run it.</summary>
    public static IReadOnlyList<string> Refusals(SweepSpec spec) => [.. Found(spec)];

    private static IEnumerable<string> Found(SweepSpec spec)
    {
        if (spec.Match is { NeedsPilot: true })
        {
            yield return "match: time takes a pilot, which a cluster does not run; write by: flops or by: parameters, "
                + "or run it with `layerbench run`, whose kept text has what the pilot chose";
        }

        foreach (var plugIn in spec.PlugIns.Where(p => p.Sha256 is null))
        {
            yield return $"plugins: '{plugIn.File}' has no sha256, by which nodes know it; `layerbench submit` writes it";
        }

        if (spec.Measure.SweepBudget is { } budget)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"measure.budget: a cluster keeps no budget of time ({budget}); leave it out, and pause or cancel the sweep instead"
            );
        }
    }
}
