using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Orleans.Concurrency;

namespace Layerbench.Cluster;

/// <summary>
/// One sweep on the cluster; its key is the sweep's id. It decides with <see cref="SweepState"/>, as the local engine
/// does; the results store is its memory, so any silo can go on with it. Leases live in the activation alone: one that
/// is lost takes its leases with it, and their holders find their tokens stale. Who renews, or only looks on, is answered
/// while another call waits for the store, and holds none up.
/// </summary>
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>
    /// Keeps the sweep in the store and offers it to the fleet. Starting one that runs changes nothing but its terms;
    /// starting a cancelled one again lets it go on. It stays the user's who started it first: by another it is left as it is.
    /// </summary>
    /// <returns>True: it was not known before.</returns>
    /// <exception cref="ArgumentException">The record is another sweep's, another text was stored under this id, or its text cannot be planned.</exception>
    Task<bool> Start(SweepRecord sweep, SweepTerms terms);

    /// <summary>The sweep as the store has it.</summary>
    /// <exception cref="InvalidOperationException">It was never started.</exception>
    [AlwaysInterleave]
    Task<SweepRecord> Record();

    /// <summary>A device asks for work; see <see cref="SweepState.Lease"/>. What the answer settles is in the store already.</summary>
    /// <param name="device">Its id is the cluster's: <see cref="DeviceKey"/>.</param>
    Task<LeaseAnswer> Lease(DeviceInfo device);

    /// <summary>A device is still at it.</summary>
    [AlwaysInterleave]
    Task<RenewAnswer> Renew(LeaseToken token);

    /// <summary>What became of a slice; see <see cref="SweepState.Tell"/>. What the answer settles is in the store already.</summary>
    /// <param name="told">One record: of a list each element would name its type on the wire, and have it looked up.</param>
    Task<TellAnswer> Tell(LeaseToken token, SliceTold told);

    /// <summary>A slice could not be begun on its device; see <see cref="SweepState.TellUnrunnable"/>.</summary>
    Task<TellAnswer> TellUnrunnable(LeaseToken token, string reason);

    /// <summary>No leases until <see cref="Resume"/>; those in flight go on. Survives the activation.</summary>
    /// <exception cref="InvalidOperationException">The sweep is cancelled, or was never started.</exception>
    Task Pause();

    /// <exception cref="InvalidOperationException">The sweep is cancelled, or was never started.</exception>
    Task Resume();

    /// <summary>No more leases; slices in flight end after their launch, and what is told of them is taken. Survives the activation.</summary>
    Task Cancel();

    /// <summary>What its state says, once the calls before have been stored.</summary>
    Task<SweepProgress> Progress();

    /// <summary>How far it is, for people; null: it was never started.</summary>
    [AlwaysInterleave]
    Task<SweepStatus?> Status();

    /// <summary>
    /// What happened after an event that was seen. Where that is not remembered (it is another activation's, or long ago),
    /// a snapshot: <see cref="EngineEvent.SweepStarted"/> and the progress, and the end where it has ended.
    /// </summary>
    /// <param name="after">The default: nothing was seen.</param>
    /// <param name="most">Events at most, at least 1.</param>
    /// <returns>Null: it was never started.</returns>
    [AlwaysInterleave]
    Task<EventPage?> Events(EventId after, int most);

    /// <summary>What a device is at, for those who watch. A message that is lost is not missed.</summary>
    [OneWay, AlwaysInterleave]
    Task Seen(IReadOnlyList<EngineEvent> events);

    /// <summary>
    /// Runs cells again that were incorrect, failed or poisoned, also of a sweep that has ended or stopped by itself.
    /// Slices that are out are given out again. Nothing happens where no cell has failed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The sweep is cancelled, or was never started.</exception>
    Task RerunFailed();

    /// <summary>
    /// A training has reached a rung: whether it goes on. One book for the whole cluster, kept in the store before the
    /// answer; asking again gives the same answer.
    /// </summary>
    Task<RungDecision> DecideRung(RungArrival arrival);
}

/// <summary>On what terms a sweep shares the fleet.</summary>
/// <param name="Priority">Higher goes first.</param>
/// <param name="User">Whose share it counts in.</param>
[GenerateSerializer, Alias("layerbench.SweepTerms")]
public sealed record SweepTerms(int Priority, string User)
{
    public static SweepTerms Ordinary { get; } = new(0, "");

    /// <summary>Most devices that work for it at once, at least 1; null: as many as it gets.</summary>
    [Id(0)]
    public int? MaximumDevices { get; init; }

    /// <summary>Which devices it is measured on, beside what its text says; null: any.</summary>
    [Id(1)]
    public DeviceSelector? Devices { get; init; }

    /// <summary>After how many failed cells it stops; null: it goes on whatever fails.</summary>
    [Id(2)]
    public FailureBudget? Failures { get; init; }
}

/// <summary>What a node must have to run a sweep: what the sweep was planned with.</summary>
/// <param name="Version">Of layerbench; empty: any.</param>
/// <param name="Workers">The hash of the worker's description, by backend (<see cref="Core.Catalog.CatalogHash"/>).</param>
/// <param name="Devices">What the sweep's text says of devices.</param>
[GenerateSerializer, Alias("layerbench.SweepNeeds")]
public sealed record SweepNeeds(string Version, IReadOnlyDictionary<string, string> Workers, DeviceSelector Devices)
{
    public static SweepNeeds Nothing { get; } =
        new("", new Dictionary<string, string>(StringComparer.Ordinal), DeviceSelector.Any);

    /// <summary>Each with its content's hash.</summary>
    [Id(0)]
    public IReadOnlyList<PlugIn> PlugIns { get; init; } = [];
}

/// <summary>What the holder of a lease does next.</summary>
public enum RenewAnswer
{
    /// <summary>The lease is alive for its whole duration again.</summary>
    Held,

    /// <summary>As <see cref="Held"/>, but the sweep is cancelled: end after the launch in flight and tell.</summary>
    HeldToTheEnd,

    /// <summary>The lease is dead and others may run its cells: stop now, there is nothing to tell.</summary>
    Stale,
}
