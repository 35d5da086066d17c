using Layerbench.Cli.Sweeping;
using Layerbench.Engine.Output;
using Layerbench.Engine.Stores;

namespace Layerbench.Cli.Serving;

/// <summary>
/// Runs what was submitted, one sweep after the other, so that none measures beside another: the highest priority first,
/// then the one that came first. What waits is in memory alone.
/// </summary>
/// <param name="root">Folder that new ones go to, each in a folder of its name.</param>
/// <param name="stores">Are told of new ones.</param>
internal sealed class RunQueue(Workplace place, string root, ServedStores stores, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<(OwnRun Run, string? Folder)> waiting = [];
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim more = new(0);
    private Task? loop;
    private OutputFolder? open;
    private volatile bool held;

    /// <summary>Nothing more is begun while it is.</summary>
    public bool IsHeld
    {
        get => held;
        set
        {
            held = value;
            Wake();
        }
    }

    /// <param name="folder">One that this process has open already, and goes on to hold; null: none.</param>
    public void Start(OutputFolder? folder = null)
    {
        open = folder;
        loop ??= Task.Run(LoopAsync);
    }

    /// <param name="folder">Where it has been measured before; null: nowhere.</param>
    public void Add(OwnRun run, string? folder)
    {
        lock (gate)
        {
            waiting.Add((run, folder));
        }

        Wake();
    }

    /// <summary>What waits may have changed.</summary>
    public void Wake() => more.Release();

    /// <summary>False: it has begun already.</summary>
    public bool Remove(OwnRun run)
    {
        lock (gate)
        {
            return waiting.RemoveAll(w => w.Run == run) > 0;
        }
    }

    /// <summary>Ends after the cell in flight.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await (loop ?? Task.CompletedTask);
        stop.Dispose();
        more.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            if (!held && Next() is var (run, folder) && run is not null)
            {
                await RunAsync(run, folder ?? Path.Combine(root, run.Record.Name));
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

    private (OwnRun? Run, string? Folder) Next()
    {
        lock (gate)
        {
            var next = waiting
                .Where(w => !w.Run.Control.IsPaused)
                .OrderByDescending(w => w.Run.Priority)
                .FirstOrDefault();
            waiting.Remove(next);
            return next;
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
        var record = await session.KeepAsync(run.Sweep);
        stores.Changed();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, run.Cancelled);
        await session.RunAsync(
            run.Sweep,
            record,
            run.RerunsFailed,
            run,
            ending.Token,
            CancellationToken.None,
            run.Control
        );
        await session.WriteFilesAsync(record, "layerbench serve", CancellationToken.None);
    }
}
