using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Scheduling;

namespace Layerbench.Metrics.Sweeps;

/// <summary>
/// One sweep's figures, in the hands of whoever coordinates it, and so of one process at a time. What it remembers of
/// cells are those in flight and those that come back. Thread-safe.
/// </summary>
public sealed class SweepMeter
{
    private readonly Lock gate = new();
    private readonly Action<SweepMeter> show;
    private readonly Dictionary<LeaseToken, long[]> leased = [];
    private readonly Dictionary<long, Comeback> comebacks = [];
    private readonly Dictionary<string, long> finished = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> attempts = new(StringComparer.Ordinal);
    private DateTimeOffset availableSince;
    private SweepStand? stand;
    private SurveyFindings? findings;
    private DateTimeOffset? endedAt;

    /// <param name="show">Puts it on its board, where it may not be any more.</param>
    internal SweepMeter(SweepId sweep, Action<SweepMeter> show) => (Sweep, this.show) = (sweep, show);

    public SweepId Sweep { get; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? EndedAt
    {
        get
        {
            lock (gate)
            {
                return endedAt;
            }
        }
    }

    /// <summary>It was loaded or goes on after a pause: its cells can be given out from now on.</summary>
    /// <param name="outcomes">Cells that have ended before, by outcome; null: as they were.</param>
    public void Begin(IReadOnlyDictionary<string, long>? outcomes, DateTimeOffset now)
    {
        lock (gate)
        {
            availableSince = now;
            if (outcomes is null)
            {
                return;
            }

            // What was out is known no more.
            leased.Clear();
            comebacks.Clear();
            foreach (var (outcome, cells) in outcomes)
            {
                // A rerun takes outcomes back; a counter never falls.
                finished[outcome] = Math.Max(cells, finished.GetValueOrDefault(outcome));
            }
        }
    }

    /// <summary>A device was answered.</summary>
    public void Given(LeaseAnswer answer, DateTimeOffset now)
    {
        lock (gate)
        {
            Settle(answer.Settled);
            if (answer is LeaseAnswer.Granted { Slice: var slice })
            {
                Give(slice, now);
            }
        }
    }

    /// <summary>What became of a slice was told.</summary>
    public void Told(LeaseToken token, TellAnswer answer, IReadOnlyList<CellTold> told, DateTimeOffset now)
    {
        switch (answer)
        {
            case TellAnswer.Stale:
                ResultMetrics.Stale(Sweep, Math.Max(1, told.Count));
                return;
            case TellAnswer.Repeated:
                ResultMetrics.Duplicate(Sweep, Math.Max(1, told.Count));
                return;
            default:
                break;
        }

        lock (gate)
        {
            leased.Remove(token);
            foreach (var one in told)
            {
                switch (one)
                {
                    case CellTold.Ended ended:
                        Count(finished, ended.Outcome.Name);
                        break;
                    case CellTold.Crashed crashed:
                        comebacks[one.Index] = new(CauseOf(crashed.Cause), EngineMetrics.OfWorker, now);
                        break;
                    case CellTold.HandedBack { Distance: null }:
                        comebacks[one.Index] = new("preempted", Recovers: null, now);
                        break;
                    default:
                        break;
                }
            }

            Settle(((TellAnswer.Accepted)answer).Settled);
        }
    }

    /// <summary>A lease ended without being told of.</summary>
    /// <param name="cause"><see cref="EngineMetrics.NotRenewed"/> or <see cref="EngineMetrics.HolderLost"/>.</param>
    public void Lost(LeaseToken token, string cause, DateTimeOffset now)
    {
        EngineMetrics.LeaseExpired(cause);
        lock (gate)
        {
            if (leased.Remove(token, out var cells))
            {
                foreach (var cell in cells)
                {
                    comebacks[cell] = new("worker_lost", EngineMetrics.OfSilo, now);
                }
            }
        }
    }

    /// <summary>How far it is now.</summary>
    public void Stands(SweepStand now, DateTimeOffset at)
    {
        lock (gate)
        {
            stand = now;
            endedAt = now.IsOver ? endedAt ?? at : null;
        }

        if (!now.IsOver)
        {
            // One that goes on after its end may have been taken off the board meanwhile.
            show(this);
        }
    }

    /// <summary>What its results say so far.</summary>
    public void Found(SurveyFindings said)
    {
        lock (gate)
        {
            findings = said;
        }
    }

    internal SweepReading Read()
    {
        lock (gate)
        {
            return new SweepReading(
                Sweep.Value,
                stand,
                findings,
                new Dictionary<string, long>(finished, StringComparer.Ordinal),
                new Dictionary<string, long>(attempts, StringComparer.Ordinal)
            );
        }
    }

    private void Give(Slice slice, DateTimeOffset now)
    {
        leased[slice.Token] = [.. slice.Cells.Select(c => c.Index)];
        Comeback? back = null;
        foreach (var cell in slice.Cells)
        {
            if (comebacks.Remove(cell.Index, out var one))
            {
                back = back is { } other && other.At < one.At ? other : one;
            }
        }

        if (back is { Recovers: { } kind, At: var lostAt })
        {
            EngineMetrics.Recovered(kind, now - lostAt);
        }

        Distributions.QueueWait.Record(Math.Max(0, (now - (back?.At ?? availableSince)).TotalSeconds));
        // One that goes on from a look is no new attempt.
        if (!slice.LookedAt)
        {
            Count(attempts, back?.Cause ?? "first");
        }
    }

    private void Settle(IReadOnlyList<Settlement> settled)
    {
        foreach (var one in settled)
        {
            comebacks.Remove(one.Cell.Index);
            Count(finished, one.Outcome.Name);
        }
    }

    private static void Count(Dictionary<string, long> counts, string key) =>
        counts[key] = counts.GetValueOrDefault(key) + 1;

    private static string CauseOf(string incident) =>
        incident is "worker_lost" or "preempted" or "timeout" or "oom" ? incident : "error";

    /// <summary>A cell that was given out and will be again.</summary>
    /// <param name="Recovers">What was lost with it; null: nothing.</param>
    private readonly record struct Comeback(string Cause, string? Recovers, DateTimeOffset At);
}

/// <summary>A sweep's figures at one moment.</summary>
internal sealed record SweepReading(
    string Sweep,
    SweepStand? Stand,
    SurveyFindings? Findings,
    IReadOnlyDictionary<string, long> Finished,
    IReadOnlyDictionary<string, long> Attempts
);
