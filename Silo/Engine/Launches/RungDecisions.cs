using Layerbench.Core.Quality;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Launches;

/// <summary>Whether trainings go on at their rungs: one book for all devices of a sweep.</summary>
public interface IRungDecisions
{
    /// <summary>The same answer whenever it is asked; the store has it before it is given.</summary>
    Task<RungDecision> DecideAsync(RungArrival arrival, CancellationToken kill);
}

/// <summary>
/// A run's one book of rungs: filled from the store, and written there before an answer is given, so that a run that is
/// killed and started again decides as it did.
/// </summary>
internal sealed class RungDecisions(SliceRunnerOptions options, IResultStore store) : IRungDecisions
{
    private readonly Lock gate = new();
    private Task last = Task.CompletedTask;
    private RungBook? book;

    /// <summary>One at a time, in the order in which they are asked for.</summary>
    public Task<RungDecision> DecideAsync(RungArrival arrival, CancellationToken kill)
    {
        lock (gate)
        {
            var mine = DecideAsync(last, arrival, kill);
            last = mine;
            return mine;
        }
    }

    private async Task<RungDecision> DecideAsync(Task before, RungArrival arrival, CancellationToken kill)
    {
        // Whether it succeeded is its own asker's business.
        await Task.WhenAny(before).ConfigureAwait(false);
        book ??= await LoadAsync(kill).ConfigureAwait(false);
        var decision = book.Decide(arrival);
        await store.RecordRungAsync(options.Sweep, decision, kill).ConfigureAwait(false);
        book.Keep(decision);
        return decision;
    }

    private async Task<RungBook> LoadAsync(CancellationToken kill)
    {
        var loaded = new RungBook((options.Measure.Prune ?? new()).Keep);
        foreach (var decision in await store.RungsAsync(options.Sweep, kill).ConfigureAwait(false))
        {
            loaded.Keep(decision);
        }

        return loaded;
    }
}
