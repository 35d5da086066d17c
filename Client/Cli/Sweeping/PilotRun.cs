using Layerbench.Cli.Views;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Core.Sweeps.Matching;
using Layerbench.Engine.Local;
using Layerbench.Engine.Output;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Sweeping;

/// <summary>Times the candidates of a sweep that is matched by time, with the engine that will run it, in a folder of its own.</summary>
/// <param name="engineOn">The local engine over a store.</param>
internal sealed class PilotRun(Workplace place, Func<IResultStore, LocalEngine> engineOn, TimeProvider time)
{
    /// <summary>Short: what is wanted is a width within a few percent, not a verdict.</summary>
    private static readonly MeasureSpec Short = new()
    {
        Launches = 2,
        Blocks = 7,
        MemoryLaunches = 0,
        Canaries = false,
        WarmUpMinimum = TimeSpan.FromMilliseconds(50),
        WarmUpMaximum = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>The sweep with what was chosen, under the name that it has without; null where it was stopped.</summary>
    /// <exception cref="BadInputException">The design is too large, or nothing could be timed.</exception>
    public async Task<string?> ChosenAsync(
        LoadedSweep sweep,
        IRunView view,
        CancellationToken stop,
        CancellationToken kill
    )
    {
        var plan = SweepPlan.Create(sweep.Spec, place.Catalog.Variants);
        var pilot = new MatchPilot(plan);
        if (pilot.Problem is { } problem)
        {
            throw new BadInputException(problem);
        }

        view.Say("match: time: a pilot times candidates of each point, in two rounds");
        var first = await RoundAsync(pilot.FirstRound(), sweep, view, stop, kill);
        var second = await RoundAsync(pilot.SecondRound(first), sweep, view, stop, kill);
        if (stop.IsCancellationRequested)
        {
            return null;
        }

        var chosen = pilot.Choose(second);
        if (chosen.Count == 0)
        {
            throw new BadInputException(
                "match: time: no candidate could be timed at any point; run the sweep with 'match: flops' to see how its cells fail"
            );
        }

        foreach (var choice in chosen)
        {
            var at = PointText.Of(choice.At.Keys, choice.At);
            view.Say(
                FormattableString.Invariant(
                    $"{at}: {choice.Label} with {choice.Value}, expected at {choice.Ratio:0.00}× the baseline's time"
                )
            );
        }

        return SweepFile.WithChosen(sweep.Text, chosen);
    }

    private async Task<IReadOnlyDictionary<(long, string), IReadOnlyList<PilotRatio>>> RoundAsync(
        PilotCells cells,
        LoadedSweep sweep,
        IRunView view,
        CancellationToken stop,
        CancellationToken kill
    )
    {
        var scratch = Directory.CreateTempSubdirectory("layerbench-pilot-").FullName;
        try
        {
            await using var folder = OutputFolder.Open(scratch, time);
            var record = sweep.ToRecord(time.GetUtcNow(), "pilot");
            await folder.Store.SaveSweepAsync(record);
            var run = new LocalRun
            {
                Sweep = record,
                Source = cells,
                Measure = Short with { CellTimeout = sweep.Spec.Measure.CellTimeout },
                Devices = place.DevicesOf(sweep.Spec),
            };
            var summary = await engineOn(folder.Store).RunAsync(run, Watch, stop, kill);
            return summary.End == RunEnd.BackendUnusable
                ? throw new BadInputException(summary.Reason ?? "The backend cannot be used.")
                : await TimesAsync(folder.Store, record.Id, cells);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }

        // Its cells are not the sweep's, and are not shown as such; that it waits, works or fails is.
        void Watch(EngineEvent e)
        {
            if (e is EngineEvent.DeviceBusy or EngineEvent.LaunchStarted or EngineEvent.IncidentSeen)
            {
                view.See(e);
            }
        }
    }

    private static async Task<IReadOnlyDictionary<(long, string), IReadOnlyList<PilotRatio>>> TimesAsync(
        IResultStore store,
        SweepId sweep,
        PilotCells cells
    )
    {
        var times = new Dictionary<(long, string), IReadOnlyList<PilotRatio>>();
        foreach (var point in cells.Points)
        {
            var launches = await store.LaunchesAsync(sweep, point.Cell.Id);
            string[] labels = [.. point.Cell.Variants.Select(v => v.Label)];
            var estimate = CellAnalysis.Of(labels, point.Cell.Baseline, launches, new AnalysisRule()).Estimate;
            foreach (var variant in point.Candidates.GroupBy(c => c.Variant))
            {
                times[(point.Original, variant.Key)] =
                [
                    .. from candidate in variant
                    let ratio = estimate?.Variants.First(v => v.Label == candidate.Label).Ratio?.Value
                    where ratio is > 0 && double.IsFinite(ratio.Value)
                    select new PilotRatio(candidate.Value, ratio.Value),
                ];
            }
        }

        return times;
    }
}
