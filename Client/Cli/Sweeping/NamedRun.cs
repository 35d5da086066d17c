using System.CommandLine;
using Layerbench.Cli.Remote;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;

namespace Layerbench.Cli.Sweeping;

/// <summary>The sweep that a command is to tell of, in a folder here or on a server: the same is made of both.</summary>
internal sealed class NamedRun : IAsyncDisposable
{
    private readonly IAsyncDisposable? store;
    private readonly RemoteServer? server;

    private NamedRun(IResultReader results, SweepRecord sweep, IAsyncDisposable? store, RemoteServer? server) =>
        (Results, Sweep, this.store, this.server) = (results, sweep, store, server);

    public IResultReader Results { get; }

    public SweepRecord Sweep { get; }

    /// <summary>Null: it is on a server.</summary>
    public string? Folder { get; private init; }

    /// <summary>Null: it is in a folder.</summary>
    public RemoteResults? Remote => Results as RemoteResults;

    /// <summary>That the sweep is not finished, and how far it is; null of one that is, or of which nothing is known.</summary>
    public string? Standing { get; private init; }

    /// <summary>What else the folder has, where it was not said which sweep of it is meant.</summary>
    public IReadOnlyList<SweepId> Others { get; private init; } = [];

    /// <param name="given">A folder, or a sweep as <see cref="SweepNames"/> has it.</param>
    /// <param name="wanted">The sweep of the folder; null: the one started last.</param>
    /// <exception cref="BadInputException">There is none, or it may be several.</exception>
    public static async Task<NamedRun> OpenAsync(
        string given,
        string? wanted,
        ServerOptions server,
        ParseResult parsed,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (server.IsGiven(parsed) || (server.IsKnown(parsed) && !Directory.Exists(given)))
        {
            return await OnServerAsync(server.Connect(parsed, time), given, cancellation);
        }

        var (folder, found) = await StoredSweeps.FindAsync(given, cancellation);
        var opened = OutputFolder.OpenForReading(folder);
        try
        {
            var sweeps = await opened.SweepsAsync(cancellation);
            var sweep = StoredSweeps.Choose(folder, sweeps, wanted ?? found);
            return new NamedRun(opened, sweep, opened, server: null)
            {
                Folder = folder,
                Standing = await StandingAsync(folder, opened, sweep, cancellation),
                Others = (wanted ?? found) is null ? [.. sweeps.Where(s => s.Id != sweep.Id).Select(s => s.Id)] : [],
            };
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says, beside results that a program reads, what stands over those that people read.</summary>
    public async Task WriteNotesAsync(Terminal terminal, bool withStanding)
    {
        if (Others.Count > 0)
        {
            await terminal.Error.WriteLineAsync(
                $"note: {Sweep.Id}; the folder also has {string.Join(", ", Others)} (--sweep)"
            );
        }

        if (withStanding && Standing is { } standing)
        {
            await terminal.Error.WriteLineAsync($"note: {OwnName.In(standing)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        server?.Dispose();
        if (store is not null)
        {
            await store.DisposeAsync();
        }
    }

    private static async Task<NamedRun> OnServerAsync(RemoteServer server, string given, CancellationToken cancellation)
    {
        try
        {
            // What is stored can be read though the cluster does not answer: only a name has to be looked for there.
            var results = server.Results(new SweepId(given));
            if (await results.FindAsync(cancellation) is not { } sweep)
            {
                results = server.Results((await server.FindAsync(given, cancellation)).Id);
                sweep = await results.RecordAsync(cancellation);
            }

            return new NamedRun(results, sweep, store: null, server)
            {
                Standing = await server.StatusNowAsync(sweep.Id, cancellation) is { } status
                    ? StandingText.Of(status)
                    : StandingText.Unknown,
            };
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    private static async Task<string?> StandingAsync(
        string folder,
        IResultReader store,
        SweepRecord sweep,
        CancellationToken cancellation
    )
    {
        if (OutputFolder.RunIn(folder) is not { } run || run.Sweep != sweep.Id)
        {
            return null;
        }

        var finished = (await store.CountsAsync(sweep.Id, cancellation)).Values.Sum();
        return run.Cells == finished ? null
            : run.IsGoingOn ? StandingText.Line("running", finished, run.Cells, repair: null)
            : StandingText.Line("stopped", finished, run.Cells, $"`layerbench run --resume {folder}` goes on");
    }
}
