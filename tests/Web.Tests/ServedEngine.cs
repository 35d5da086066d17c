using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Layerbench.Core;
using Layerbench.Core.Access;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Local;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Stores;
using Layerbench.SweepFiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace Layerbench.Web.Tests;

/// <summary>The local engine, with simulated devices and a real store in a folder, as an engine that serves several users.</summary>
internal sealed class ServedEngine : ISweepEngine, IAsyncDisposable
{
    public const string Node = "here";

    private static readonly VariantCatalog catalog = new([SimulatedBackend.Describe([])]);
    private static readonly DateTimeOffset now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<SweepId, ServedSweep> sweeps = [];
    private readonly ConcurrentBag<Task> runs = [];
    private readonly SqliteResultStore store;

    public ServedEngine() => store = SqliteResultStore.Open(Path.Combine(Folder, "layerbench.db"));

    /// <summary>The store's, which is a results folder as well.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("layerbench-web-").FullName;

    /// <summary>Whether a sweep is run as soon as it is submitted.</summary>
    public bool RunsAtOnce { get; set; }

    /// <summary>Whether it answers nothing but that it is away.</summary>
    public bool IsAway { get; set; }

    /// <summary>Its node is lost since then; null: it is there.</summary>
    public DateTimeOffset? LostSince { get; set; }

    public IReadOnlyList<UserShare> Users { get; set; } = [];
    public int? MostSweeps { get; set; }
    public bool IsDraining { get; private set; }
    public IResultIndex Results => store;
    public IResultStore Store => store;

    public ServedSweep this[SweepId id] => sweeps[id];

    public async Task<SubmitAnswer> SubmitAsync(
        SweepSubmission submission,
        Caller caller,
        CancellationToken cancellation = default
    )
    {
        Here();
        string[] name = submission.Name is { } given ? [$"name={given}"] : [];
        IReadOnlyList<string> settings = [.. submission.Set, .. name];
        var file = SweepFile.Parse(submission.Text, settings, catalog);
        if (!file.IsValid)
        {
            return new SubmitAnswer.Rejected(file.Result.Errors, ["only the simulated backend is here"]);
        }

        if (sweeps.Count >= MostSweeps)
        {
            return new SubmitAnswer.OverLimit("you have enough");
        }

        var sweep = LoadedSweep.FromText("sweep", submission.Text, new SweepRequest(settings), catalog);
        var made = new ServedSweep(
            sweep.ToRecord(now, "0.1.0"),
            sweep.Spec,
            SweepPlan.Create(sweep.Spec, catalog),
            caller.User,
            submission.Priority ?? 0
        );
        var kept = sweeps.GetOrAdd(sweep.Id, made);
        await store.SaveSweepAsync(kept.Record, cancellation);
        if (RunsAtOnce && ReferenceEquals(kept, made))
        {
            runs.Add(RunAsync(sweep.Id));
        }

        return new SubmitAnswer.Accepted((await StatusAsync(sweep.Id, cancellation))!, ReferenceEquals(kept, made));
    }

    public Task<CheckAnswer> CheckAsync(SweepSubmission submission, CancellationToken cancellation = default)
    {
        var file = SweepFile.Parse(submission.Text, submission.Set, catalog);
        return Task.FromResult<CheckAnswer>(
            file.Result.Spec is { } spec && file.IsValid
                ? new CheckAnswer.Good(new SweepId("checked"), spec.Name, SweepPlan.Create(spec, catalog).Count!.Value)
                : new CheckAnswer.Wrong(new SubmitAnswer.Rejected(file.Result.Errors, []))
        );
    }

    public Task<VariantCatalog> CatalogAsync(CancellationToken cancellation = default) => Task.FromResult(catalog);

    /// <summary>Runs a sweep to its end.</summary>
    public async Task RunAsync(SweepId id)
    {
        var sweep = sweeps[id];
        var clock = new VirtualClock();
        var workers = new SimulatedWorkerFactory(SimulatedBackend.Describe([]), clock);
        await new LocalEngine(
            new LocalEngineParts(store, workers, catalog, clock, NullLoggerFactory.Instance)
        ).RunAsync(
            new LocalRun
            {
                Sweep = sweep.Record,
                Source = sweep.Plan,
                Measure = sweep.Spec.Measure,
                Devices = DeviceSelection.Resolve(["simulated:2"], []).Devices,
                LockFolder = Path.Combine(Folder, "locks"),
            },
            sweep.Tell
        );
    }

    /// <summary>Keeps one launch of the sweep's first cell, which has not ended.</summary>
    /// <param name="environment">In which it ran.</param>
    public Task LaunchAsync(SweepId id, Dictionary<string, string> environment)
    {
        var fingerprint = new Fingerprint(new FingerprintId("e0"), environment);
        var launch = new LaunchRecord(
            sweeps[id].Plan.At(0)!.Id,
            LaunchKind.Time,
            Number: 0,
            Attempt: 1,
            new DeviceId("cpu"),
            fingerprint.Id,
            now,
            Position: 0,
            Seed: 1,
            TimeSpan.Zero,
            new PhaseTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
            Steady: true,
            [],
            [],
            []
        );
        return store.AcceptAsync(new LaunchBatch(id, fingerprint, [launch]));
    }

    public async Task<SweepPage> ListAsync(SweepQuery query, CancellationToken cancellation = default)
    {
        Here();
        var ids = sweeps.Keys.OrderBy(id => id.Value, StringComparer.Ordinal).ToList();
        var rest = ids.Skip(query.After is { } after ? ids.IndexOf(after) + 1 : 0).ToList();
        List<SweepStatus> page = [];
        foreach (var id in rest.Take(query.Limit))
        {
            page.Add((await StatusAsync(id, cancellation))!);
        }

        return new SweepPage(page, rest.Count > query.Limit ? page[^1].Id : null);
    }

    public async Task<SweepStatus?> StatusAsync(SweepId sweep, CancellationToken cancellation = default)
    {
        Here();
        if (!sweeps.TryGetValue(sweep, out var known))
        {
            return null;
        }

        var outcomes = await store.CountsAsync(sweep, cancellation);
        var finished = outcomes.Values.Sum();
        return new SweepStatus(
            sweep,
            known.Record.Name,
            known.User,
            known.Priority,
            known.Cancelled ? SweepStage.Cancelled
                : known.Paused ? SweepStage.Paused
                : finished == known.Plan.Count ? SweepStage.Finished
                : SweepStage.Waiting,
            known.Record.CreatedAt,
            known.Record.CreatedAt,
            known.Plan.Count!.Value,
            finished,
            InFlight: 0,
            outcomes,
            Eta: null
        );
    }

    public string? Refusal(SweepStatus status, SweepCommand command) =>
        sweeps[status.Id].Cancelled && command != SweepCommand.Cancel ? $"'{status.Id}' is cancelled" : null;

    public Task<string?> ChangeAsync(SweepStatus status, SweepCommand command, CancellationToken cancellation = default)
    {
        Here();
        var sweep = sweeps[status.Id];
        if (Refusal(status, command) is { } refused)
        {
            return Task.FromResult<string?>(refused);
        }

        (sweep.Paused, sweep.Cancelled) = (command == SweepCommand.Pause, command == SweepCommand.Cancel);
        return Task.FromResult<string?>(null);
    }

    public async IAsyncEnumerable<SweepEvent> EventsAsync(
        SweepId sweep,
        EventId? after,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var seen = after ?? default;
        while (true)
        {
            var (events, ended, more) = sweeps[sweep].After(seen, now);
            foreach (var e in events)
            {
                yield return e;
                seen = e.Id;
            }

            if (ended)
            {
                yield break;
            }

            await more.WaitAsync(cancellation);
        }
    }

    public Task<IReadOnlyList<FleetNode>> NodesAsync(CancellationToken cancellation = default)
    {
        Here();
        var device = DeviceSelection.Resolve(["simulated:1"], []).Devices[0];
        return Task.FromResult<IReadOnlyList<FleetNode>>([
            new(Node, "127.0.0.1:1", now, IsDraining, [new FleetDevice(device, Sweep: null)], ["a note"])
            {
                Version = "0.1.0",
                LostSince = LostSince,
            },
        ]);
    }

    public Task<IReadOnlyList<UserShare>> UsersAsync(CancellationToken cancellation = default) =>
        Task.FromResult(Users);

    public Task<bool> DrainAsync(string node, bool drain, CancellationToken cancellation = default)
    {
        IsDraining = node == Node ? drain : IsDraining;
        return Task.FromResult(node == Node);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(runs);
        await store.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private void Here()
    {
        if (IsAway)
        {
            throw new EngineUnavailableException("the engine is away", TimeSpan.FromSeconds(1));
        }
    }
}
