using Layerbench.Core;
using Layerbench.Core.Results;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

internal interface IPostgresWrite : IQueuedWrite;

/// <summary>A write that shares a transaction with others of a group.</summary>
internal interface ISharedWrite : IPostgresWrite
{
    SweepId Sweep { get; }

    /// <summary>Null: not fenced.</summary>
    long? Epoch { get; }

    /// <summary>What it names, where it names one.</summary>
    Fingerprint? Fingerprint { get; }
}

/// <summary>A write that has a transaction of its own: what it touches stands in no order with what a group touches.</summary>
internal interface ILoneWrite : IPostgresWrite
{
    Task RunAsync(NpgsqlConnection connection);
}

/// <inheritdoc/>
internal sealed class LoneWrite<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    : QueuedWrite<T>(cancellation),
        ILoneWrite
{
    public async Task RunAsync(NpgsqlConnection connection) => Answer(await work(connection));
}

/// <summary>Launches that arrive.</summary>
internal sealed class AcceptWrite(LaunchBatch batch, CancellationToken cancellation)
    : QueuedWrite<AcceptResult>(cancellation),
        ISharedWrite
{
    public LaunchBatch Batch { get; } = batch;

    // Written out on the caller's thread: the writer's is the one that all wait for.
    public IReadOnlyList<LaunchTexts> Texts { get; } = [.. batch.Launches.Select(LaunchTexts.Of)];

    public CellTexts[] EndTexts { get; } = CellTexts.Of(batch.Ends);

    public SweepId Sweep => Batch.Sweep;
    public long? Epoch => Batch.Epoch;
    public Fingerprint? Fingerprint => Batch.Fingerprint;

    public new void Answer(AcceptResult answer) => base.Answer(answer);
}

/// <summary>Cells that end.</summary>
internal sealed class FinishWrite(
    SweepId sweep,
    IReadOnlyList<CellResult> cells,
    long? epoch,
    CancellationToken cancellation
) : QueuedWrite<int>(cancellation), ISharedWrite
{
    public SweepId Sweep { get; } = sweep;
    public IReadOnlyList<CellResult> Cells { get; } = cells;
    public long? Epoch { get; } = epoch;
    public Fingerprint? Fingerprint => null;

    public CellTexts[] Texts { get; } = CellTexts.Of(cells);

    public new void Answer(int answer) => base.Answer(answer);
}

/// <summary>What is kept beside cells and launches, under the keys of its sweep and of the fingerprint it names.</summary>
internal sealed class SideWrite(
    SweepId sweep,
    Fingerprint? fingerprint,
    Func<NpgsqlConnection, long, long, Task> work,
    CancellationToken cancellation
) : QueuedWrite<bool>(cancellation), ISharedWrite
{
    public SweepId Sweep { get; } = sweep;
    public long? Epoch => null;
    public Fingerprint? Fingerprint { get; } = fingerprint;

    public async Task RunAsync(NpgsqlConnection connection, long sweepKey, long fingerprintKey)
    {
        await work(connection, sweepKey, fingerprintKey);
        Answer(true);
    }
}
