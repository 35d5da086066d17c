using System.Collections.Concurrent;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Engines;
using Layerbench.SweepFiles;

namespace Layerbench.Web.Sweeps;

/// <summary>
/// What a sweep's results say while it runs. A verdict depends on all cells, so verdicts are reckoned anew when cells have
/// ended, but never for more than a tenth of the time: in between, those reckoned last are told.
/// </summary>
internal sealed class SweepFindings(ISweepEngine engine, TimeProvider time) : IDisposable
{
    private const int RestPerWork = 10;
    private const int MostKept = 1000;

    private readonly ConcurrentDictionary<SweepId, Reckoned> known = [];
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    public async Task<SweepDetails> DetailsAsync(SweepStatus status, CancellationToken cancellation)
    {
        var incidents = await engine.Results.IncidentsAsync(status.Id, cancellation);
        return new SweepDetails(
            status,
            await VerdictsAsync(status, cancellation),
            [.. incidents.Reverse().Take(SweepDetails.ShownIncidents)],
            incidents.Count
        );
    }

    public void Dispose() => oneAtATime.Dispose();

    private async Task<IReadOnlyDictionary<string, VerdictCounts>> VerdictsAsync(
        SweepStatus status,
        CancellationToken cancellation
    )
    {
        if (IsGood(status, out var verdicts))
        {
            return verdicts;
        }

        await oneAtATime.WaitAsync(cancellation);
        try
        {
            if (IsGood(status, out verdicts))
            {
                return verdicts;
            }

            var since = time.GetTimestamp();
            verdicts = await ReckonAsync(status.Id, cancellation);
            if (known.Count >= MostKept)
            {
                known.Clear();
            }

            known[status.Id] = new Reckoned(verdicts, Basis(status), time.GetTimestamp(), time.GetElapsedTime(since));
            return verdicts;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private bool IsGood(SweepStatus status, out IReadOnlyDictionary<string, VerdictCounts> verdicts)
    {
        var reckoned = known.GetValueOrDefault(status.Id);
        verdicts = reckoned?.Verdicts ?? new Dictionary<string, VerdictCounts>();
        return reckoned is not null
            && (
                reckoned.Basis == Basis(status)
                || (!status.HasEnded && time.GetElapsedTime(reckoned.At) < RestPerWork * reckoned.Took)
            );
    }

    private async Task<IReadOnlyDictionary<string, VerdictCounts>> ReckonAsync(
        SweepId id,
        CancellationToken cancellation
    )
    {
        if (await engine.Results.SweepAsync(id, cancellation) is not { } sweep)
        {
            return new Dictionary<string, VerdictCounts>();
        }

        var analysis = new SweepAnalysis(SweepFile.RuleOf(sweep.Spec));
        await foreach (var cell in engine.Results.CellsAsync(id, cancellation))
        {
            analysis.See(cell, await engine.Results.LaunchesAsync(id, cell.Id, cancellation));
        }

        return analysis.Conclude().Summary.Variants;
    }

    /// <summary>What the verdicts rest on: a cell that is run again makes another of it.</summary>
    private static (long, string) Basis(SweepStatus status) =>
        (
            status.Finished,
            string.Join(
                ' ',
                status.Outcomes.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}")
            )
        );

    private sealed record Reckoned(
        IReadOnlyDictionary<string, VerdictCounts> Verdicts,
        (long, string) Basis,
        long At,
        TimeSpan Took
    );
}
