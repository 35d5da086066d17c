using Layerbench.Cli.Sweeping;
using Layerbench.Cli.Views;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Serving;

/// <summary>
/// Runs what was submitted, one sweep after the other, so that none measures beside another: the highest priority first,
/// then the one that came first.
/// </summary>
/// <param name="root">Folder that new ones go to, each in a folder of its name.</param>
/// <param name="stores">Are told of new ones.</param>
/// <param name="journal">Where what has not been run to its end is kept; null: in memory alone.</param>
internal sealed class RunQueue(
    Workplace place,
    string root,
    ServedStores stores,
    RunJournal? journal,
    TimeProvider time
) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<OwnRun> waiting = [];
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim more = new(0);
    private readonly SemaphoreSlim writing = new(1, 1);
    private Task? loop;
    private OwnRun? current;
    private OutputFolder? open;
    private volatile bool held;

    /// <summary>Nothing more is begun while it is.</summary>
    public bool IsHeld
    {
        get => held;
        set
        {
            held = value;
            more.Release();
        }
    }

    /// <param name="folder">One that this process has open already, and goes on to hold; null: none.</param>
    public void Start(OutputFolder? folder = null)
    {
        open = folder;
        loop ??= Task.Run(LoopAsync);
    }

    /// <summary>When it returns they are kept.</summary>
    /// <exception cref="StoreException">They cannot be kept, and will not be run.</exception>
    public async Task AddAsync(IReadOnlyList<OwnRun> runs)
    {
        lock (gate)
        {
            waiting.AddRange(runs);
        }

        try
        {
            await ChangedAsync();
        }
        catch (StoreException)
        {
            foreach (var run in runs)
            {
                Remove(run);
            }

            throw;
        }
    }

    /// <summary>False: it has begun already.</summary>
    public bool Remove(OwnRun run)
    {
        lock (gate)
        {
            return waiting.Remove(run);
        }
    }

    /// <summary>Something was added, removed, paused, resumed or cancelled.</summary>
    /// <exception cref="StoreException">That cannot be kept.</exception>
    public async Task ChangedAsync()
    {
        more.Release();
        if (journal is null)
        {
            return;
        }

        await writing.WaitAsync();
        try
        {
            await journal.WriteAsync(Kept());
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Ends after the cell in flight.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await (loop ?? Task.CompletedTask);
        stop.Dispose();
        more.Dispose();
        writing.Dispose();
        journal?.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            if (!held && Next() is { } run)
            {
                await RunAsync(run, run.Folder ?? Path.Combine(root, run.Record.Name));
                await EndedAsync(run);
                continue;
            }

            try
            {
                await more.WaitAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private OwnRun? Next()
    {
        lock (gate)
        {
            current = waiting.Where(r => !r.Control.IsPaused).OrderByDescending(r => r.Priority).FirstOrDefault();
            if (current is not null)
            {
                waiting.Remove(current);
            }

            return current;
        }
    }

    private async Task EndedAsync(OwnRun run)
    {
        lock (gate)
        {
            // What has ended because this process does is to go on.
            current = stop.IsCancellationRequested && !run.HasFinished ? run : null;
        }

        try
        {
            await ChangedAsync();
        }
        catch (StoreException)
        {
            // Nobody is there to be told; at worst the next process finds that it has ended.
        }
    }

    private IReadOnlyList<KeptRun> Kept()
    {
        lock (gate)
        {
            OwnRun[] running = current is null ? [] : [current];
            return
            [
                .. running.Concat(waiting).Where(r => !r.IsCancelled).OrderBy(r => r.Epoch).Select(r => r.ToKeep()),
            ];
        }
    }

    private async Task RunAsync(OwnRun run, string path)
    {
        var shared = open?.Path == Path.GetFullPath(path) ? open : null;
        OutputFolder? own = null;
        try
        {
            own = shared is null ? OutputFolder.Open(path, time) : null;
            await RunAsync(run, new SweepSession(place, shared ?? own!, time));
        }
        catch (Exception e)
            when (e is StoreException or BadInputException or IOException or UnauthorizedAccessException)
        {
            run.Fail(time.GetUtcNow(), e.Message, new Dictionary<string, long>());
        }
        finally
        {
            if (own is not null)
            {
                await own.DisposeAsync();
            }
        }
    }

    private async Task RunAsync(OwnRun run, SweepSession session)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, run.Cancelled);
        if (!await MatchAsync(run, session, ending.Token))
        {
            run.Withdraw(time.GetUtcNow(), new Dictionary<string, long>());
            return;
        }

        var record = await session.KeepAsync(run.Sweep);
        stores.Changed();
        await session.RunAsync(
            run.Sweep,
            record,
            run.RerunsFailed,
            run,
            ending.Token,
            CancellationToken.None,
            run.Control
        );
        await session.WriteFilesAsync(record, AgainText.Of(record), CancellationToken.None);
    }

    /// <summary>False: it was stopped before anything was chosen.</summary>
    private async Task<bool> MatchAsync(OwnRun run, SweepSession session, CancellationToken ending)
    {
        if (run.Sweep.Spec.Match is not { NeedsPilot: true })
        {
            return true;
        }

        run.Pilot();
        await using var unseen = new QuietRunView(); // A pilot's cells are not the sweep's.
        var request = new SweepRequest([]);
        if (await session.MatchAsync(run.Sweep, request, unseen, ending, CancellationToken.None) is not { } matched)
        {
            return false;
        }

        run.Begin(matched, SweepPlan.Create(matched.Spec, place.Catalog.Variants));
        return true;
    }
}
