using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Layerbench.Core;

namespace Layerbench.Metrics;

/// <summary>Results that the store or a sweep's coordinator took or refused in this process, by sweep.</summary>
public static class ResultMetrics
{
    /// <summary>A sweep nothing was told of for so long has no series; one that goes on begins at 0 again.</summary>
    private static readonly TimeSpan keep = TimeSpan.FromMinutes(10);

    private static readonly ConcurrentDictionary<SweepId, Counts> sweeps = [];

    static ResultMetrics()
    {
        LayerbenchMeter.Shared.CreateObservableCounter(
            "layerbench.results.accepted",
            () => Of().Select(s => LayerbenchMeter.Of(s.Value.Accepted, ("sweep", s.Key.Value))),
            unit: null,
            "Launches that were kept, each once."
        );
        LayerbenchMeter.Shared.CreateObservableCounter(
            "layerbench.results.rejected",
            Rejected,
            unit: null,
            "What was told and not kept: under a lease that was over, or a second time."
        );
    }

    /// <summary>Makes the instruments.</summary>
    public static void Begin() => _ = sweeps;

    public static void Accepted(SweepId sweep, int launches) => sweeps.GetOrAdd(sweep, New).Accept(launches);

    /// <summary>The store or the coordinator had it already.</summary>
    public static void Duplicate(SweepId sweep, int results = 1) => sweeps.GetOrAdd(sweep, New).Repeat(results);

    /// <summary>Its lease, or the epoch it was written under, was over.</summary>
    public static void Stale(SweepId sweep, int results = 1) => sweeps.GetOrAdd(sweep, New).Refuse(results);

    private static Counts New(SweepId sweep) => new();

    private static IEnumerable<Measurement<long>> Rejected()
    {
        foreach (var (sweep, counts) in Of())
        {
            // From 0 on, so that the first is a rise. Of stale leases no alert tells, and a hundred sweeps have many series.
            yield return LayerbenchMeter.Of(counts.Duplicates, ("sweep", sweep.Value), ("reason", "duplicate"));
            if (counts.Stale > 0)
            {
                yield return LayerbenchMeter.Of(counts.Stale, ("sweep", sweep.Value), ("reason", "stale_lease"));
            }
        }
    }

    private static ConcurrentDictionary<SweepId, Counts> Of()
    {
        foreach (var (sweep, counts) in sweeps)
        {
            if (Stopwatch.GetElapsedTime(counts.TouchedAt) > keep)
            {
                sweeps.TryRemove(sweep, out _);
            }
        }

        return sweeps;
    }

    private sealed class Counts
    {
        private long accepted;
        private long duplicates;
        private long stale;
        private long touchedAt = Stopwatch.GetTimestamp();

        public long Accepted => Volatile.Read(ref accepted);
        public long Duplicates => Volatile.Read(ref duplicates);
        public long Stale => Volatile.Read(ref stale);
        public long TouchedAt => Volatile.Read(ref touchedAt);

        public void Accept(int more) => Add(ref accepted, more);

        public void Repeat(int more) => Add(ref duplicates, more);

        public void Refuse(int more) => Add(ref stale, more);

        private void Add(ref long counter, int more)
        {
            Interlocked.Add(ref counter, more);
            Volatile.Write(ref touchedAt, Stopwatch.GetTimestamp());
        }
    }
}
