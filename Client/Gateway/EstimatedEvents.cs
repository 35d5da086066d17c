using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.SweepFiles;

namespace Layerbench.Gateway;

/// <summary>
/// Puts into the events of finished cells what was measured of them: the coordinator knows only that they ended. Of many
/// that come together only the last get it, so that watching a fast sweep does not read its whole store again.
/// </summary>
internal sealed class EstimatedEvents(IResultReader results)
{
    private const int MostTogether = 10;

    public async Task<IReadOnlyList<SweepEvent>> OfAsync(
        SweepId sweep,
        IReadOnlyList<SweepEvent> events,
        CancellationToken cancellation
    )
    {
        var places = events
            .Index()
            .Where(e => e.Item.Event is EngineEvent.CellFinished { Estimate: null, Result.Device: not null })
            .Select(e => e.Index)
            .TakeLast(MostTogether)
            .ToHashSet();
        if (places.Count == 0)
        {
            return events;
        }

        if (await results.SweepAsync(sweep, cancellation) is not { } record)
        {
            return events;
        }

        var rule = SweepFile.RuleOf(record.Spec);
        List<SweepEvent> filled = [];
        foreach (var (place, e) in events.Index())
        {
            filled.Add(
                places.Contains(place)
                    ? e with
                    {
                        Event = await OfAsync(sweep, (EngineEvent.CellFinished)e.Event, rule, cancellation),
                    }
                    : e
            );
        }

        return filled;
    }

    private async Task<EngineEvent> OfAsync(
        SweepId sweep,
        EngineEvent.CellFinished finished,
        AnalysisRule rule,
        CancellationToken cancellation
    )
    {
        var cell = finished.Result;
        var launches = await results.LaunchesAsync(sweep, cell.Id, cancellation);
        return finished with
        {
            Estimate = CellAnalysis.Of(cell.Labels, cell.Baseline, launches, rule).Estimate,
            Trainings = [.. launches.SelectMany(l => l.Trainings)],
        };
    }
}
