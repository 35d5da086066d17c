using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Report.Words;

namespace Layerbench.Report.Data;

/// <summary>What a sweep was measured under: where, and how steady that was.</summary>
/// <param name="Drift">Null without canaries.</param>
/// <param name="Peaks">What devices can do, by fingerprint.</param>
public sealed record Conditions(
    IReadOnlyList<Fingerprint> Environments,
    DriftSummary? Drift,
    IReadOnlyDictionary<FingerprintId, DevicePeak> Peaks
)
{
    /// <summary>Of a sweep of which nothing has been measured.</summary>
    public static Conditions Unknown { get; } = Of([], []);

    public static Conditions Of(IReadOnlyList<CanaryRecord> canaries, IReadOnlyList<Fingerprint> environments) =>
        new(environments, Canaries.Summary(canaries), Canaries.Peaks(canaries));
}

/// <summary>
/// From finished cells, one after the other, to how far what they say can be trusted; the report and the live page say it
/// from here.
/// </summary>
public sealed class TrustTally(VerdictRule rule)
{
    private readonly SortedDictionary<string, long> outcomes = new(StringComparer.Ordinal);
    private readonly List<CellWork> works = [];

    /// <param name="work">Null where nothing can be held against what the device can do.</param>
    public void See(CellResult cell, CellWork? work)
    {
        outcomes[cell.Outcome.Name] = outcomes.GetValueOrDefault(cell.Outcome.Name) + 1;
        if (work is not null)
        {
            works.Add(work);
        }
    }

    /// <param name="summary">Of the same cells.</param>
    /// <param name="noise">Of the same cells.</param>
    /// <param name="trained">Trainings were done, of which nothing is judged.</param>
    public IReadOnlyList<TrustItem> Judge(AnalysisSummary summary, Noise noise, Conditions conditions, bool trained) =>
        TrustText.Items(
            new TrustGrounds(
                summary,
                rule,
                noise,
                outcomes,
                conditions.Drift,
                works.Sum(w => (long)w.Impossible(conditions.Peaks)),
                conditions.Environments,
                trained
            )
        );
}
