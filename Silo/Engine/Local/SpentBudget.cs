using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Launches;

namespace Layerbench.Engine.Local;

/// <summary>
/// Ends the cells that have launches when the sweep's budget is spent, so that results show what was measured of them.
/// The next run opens them again.
/// </summary>
internal sealed class SpentBudget(LocalRun run, LocalEngineParts parts, RunWatch watch, CellEstimating estimate)
{
    private const int CellsPerWrite = 500;

    /// <param name="cells">Indices of cells that were begun, or may have been.</param>
    public async Task CloseAsync(IReadOnlyList<long> cells)
    {
        foreach (var chunk in cells.Chunk(CellsPerWrite))
        {
            await CloseAsync([.. chunk.Select(run.Source.At).OfType<Cell>()]).ConfigureAwait(false);
        }
    }

    private async Task CloseAsync(IReadOnlyList<Cell> cells)
    {
        var progress = await parts
            .Store.ProgressAsync(run.Sweep.Id, [.. cells.Select(c => c.Id)], CancellationToken.None)
            .ConfigureAwait(false);
        var at = parts.Time.GetUtcNow();
        List<(CellResult Result, CellEstimate? Estimate)> ended = [];
        foreach (var cell in cells.Where(c => progress.GetValueOrDefault(c.Id).TimeLaunches > 0))
        {
            var outcome = SweepBudget.Spent(run.Measure.SweepBudget!.Value, progress[cell.Id].TimeLaunches);
            var launches = await parts
                .Store.LaunchesAsync(run.Sweep.Id, cell.Id, CancellationToken.None)
                .ConfigureAwait(false);
            ended.Add((CellInSlice.Result(cell, outcome, launches[^1].Device, at), estimate(cell, launches)));
        }

        await parts
            .Store.FinishAsync(run.Sweep.Id, [.. ended.Select(e => e.Result)], CancellationToken.None)
            .ConfigureAwait(false);
        ended.ForEach(e => watch.Tell(new EngineEvent.CellFinished(at, e.Result, e.Estimate)));
    }
}
