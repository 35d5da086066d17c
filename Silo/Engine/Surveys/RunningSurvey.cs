using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Metrics.Sweeps;

namespace Layerbench.Engine.Surveys;

/// <summary>What one sweep's results say, kept up as its cells end: each cell's launches are read once.</summary>
internal sealed class RunningSurvey(IResultReader store, SweepMeter meter, AnalysisRule rule)
{
    /// <summary>Read at a time, so that no sweep keeps the others waiting; and controls, which are few and stand at a plan's end.</summary>
    private const int CellsPerPass = 128;

    private readonly HashSet<long> seen = [];
    private bool hasSeenEnd;
    private SweepSurvey survey = new(rule);

    public SweepMeter Meter { get; } = meter;

    /// <summary>Reads cells that have ended since; true: there are more.</summary>
    public async Task<bool> GoOnAsync(CancellationToken cancellation)
    {
        var ended = (await store.CountsAsync(Meter.Sweep, cancellation).ConfigureAwait(false)).Values.Sum();
        var isOver = Meter.EndedAt is not null;
        // Once more after the end: a launch's last canary is stored after its cells.
        if (ended == seen.Count && hasSeenEnd == isOver)
        {
            return false;
        }

        hasSeenEnd = isOver;

        if (ended < seen.Count)
        {
            // Outcomes were taken back for a rerun.
            seen.Clear();
            survey = new SweepSurvey(rule);
        }

        var canaries = await store.CanariesAsync(Meter.Sweep, cancellation).ConfigureAwait(false);
        var peaks = Canaries.Peaks(canaries);
        var read = 0;
        await foreach (var cell in store.CellsAsync(Meter.Sweep, cancellation).ConfigureAwait(false))
        {
            var isControl = Controls.KindOf(cell.Labels) != ControlKind.None;
            if (!seen.Contains(cell.Index) && (isControl || read++ < CellsPerPass))
            {
                var launches = await store.LaunchesAsync(Meter.Sweep, cell.Id, cancellation).ConfigureAwait(false);
                survey.See(cell, launches, NodeOf(cell.Device), peaks);
                seen.Add(cell.Index);
            }
        }

        Meter.Found(survey.Conclude(canaries.ToLookup(c => NodeOf(c.Device), StringComparer.Ordinal)));
        return seen.Count < ended;
    }

    private static string NodeOf(DeviceId? device) =>
        device?.Value.Split('/', 2) is [var node, _] ? node : Environment.MachineName;
}
