using System.Diagnostics.Metrics;

namespace Layerbench.Metrics;

/// <summary>
/// What engines count as it happens, whichever engine it is. Cheap where nobody listens; what is counted before anybody
/// does is not seen.
/// </summary>
public static class EngineMetrics
{
    /// <summary>Lease ends: it was not renewed in time; its holder is known to be gone.</summary>
    public const string NotRenewed = "not_renewed";
    public const string HolderLost = "holder_lost";

    /// <summary>What recovers.</summary>
    public const string OfWorker = "worker";
    public const string OfSilo = "silo";
    public const string OfCoordinator = "coordinator";

    private static readonly Counter<long> leasesExpired = LayerbenchMeter.Shared.CreateCounter<long>(
        "layerbench.leases.expired",
        unit: null,
        "Leases that ended without being told of; their cells are given out again."
    );

    private static readonly Counter<long> workersLost = LayerbenchMeter.Shared.CreateCounter<long>(
        "layerbench.workers.lost",
        unit: null,
        "Worker processes that ended, hung or failed before their work was done."
    );

    private static readonly string[] losses = ["worker_lost", "oom", "timeout", "protocol", "error"];

    /// <summary>
    /// Makes the series whose labels are known from the start, at 0, so that the first loss is a rise and not a series
    /// that appears. To be called once somebody listens.
    /// </summary>
    public static void Begin()
    {
        leasesExpired.Add(0, Cause(NotRenewed));
        leasesExpired.Add(0, Cause(HolderLost));
        foreach (var cause in losses)
        {
            workersLost.Add(0, Cause(cause));
        }
    }

    /// <param name="cause"><see cref="NotRenewed"/> or <see cref="HolderLost"/>.</param>
    public static void LeaseExpired(string cause) => leasesExpired.Add(1, Cause(cause));

    /// <param name="cause">As of an incident: <c>worker_lost</c>, <c>oom</c>, <c>timeout</c>, <c>protocol</c>, <c>error</c>.</param>
    public static void WorkerLost(string cause) => workersLost.Add(1, Cause(cause));

    /// <summary>A cell in one launch.</summary>
    public static void Visited(TimeSpan gate, TimeSpan warmUp, TimeSpan measure)
    {
        Phase("gate", gate);
        Phase("warmup", warmUp);
        Phase("measure", measure);
    }

    /// <summary>A worker has said hello.</summary>
    public static void Started(TimeSpan took) => Phase("start", took);

    /// <summary>A launch's results are in the store.</summary>
    public static void Reported(TimeSpan took) => Phase("report", took);

    /// <summary>A device that asked has a slice.</summary>
    public static void Dispatched(TimeSpan took) => Distributions.Dispatch.Record(took.TotalSeconds);

    /// <summary>A transaction of the results store has ended.</summary>
    public static void Committed(TimeSpan took, int writes)
    {
        Distributions.Commit.Record(took.TotalSeconds);
        Distributions.CommitBatch.Record(writes);
    }

    /// <param name="kind"><see cref="OfWorker"/>, <see cref="OfSilo"/> or <see cref="OfCoordinator"/>.</param>
    public static void Recovered(string kind, TimeSpan took) =>
        Distributions.Recovery.Record(took.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));

    /// <param name="variant">Of the catalogue: the baseline of the cell.</param>
    /// <param name="expected">Seconds, over 0.</param>
    /// <param name="took">Seconds, over 0.</param>
    public static void CostLearnt(string variant, double expected, double took)
    {
        var error = Math.Max(expected / took, took / expected) - 1;
        if (double.IsFinite(error))
        {
            Distributions.CostError.Record(error, new KeyValuePair<string, object?>("variant", variant));
        }
    }

    private static void Phase(string phase, TimeSpan took) =>
        Distributions.Cell.Record(took.TotalSeconds, new KeyValuePair<string, object?>("phase", phase));

    private static KeyValuePair<string, object?> Cause(string cause) => new("cause", cause);
}
