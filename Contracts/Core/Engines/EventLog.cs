namespace Layerbench.Core.Engines;

/// <summary>The last events of a sweep, numbered. Not thread-safe.</summary>
/// <param name="epoch">Of whoever coordinates the sweep: another one has another, so that its numbers are not taken for these.</param>
/// <param name="capacity">Events that are remembered, at least 1.</param>
public sealed class EventLog(long epoch, int capacity)
{
    /// <summary>Events at most that one who comes late is told of with a snapshot.</summary>
    public const int Retold = 200;

    private readonly Queue<SweepEvent> remembered = new();
    private long sequence;

    /// <summary>The id of the last event; of sequence 0 before the first.</summary>
    public EventId Last => new(epoch, sequence);

    public void Add(EngineEvent e)
    {
        sequence++;
        remembered.Enqueue(new SweepEvent(Last, e));
        if (remembered.Count > capacity)
        {
            remembered.Dequeue();
        }
    }

    /// <summary>The events after one that was seen, oldest first; null: not all of them are remembered, or it is of another epoch.</summary>
    /// <param name="most">So many at most, at least 1.</param>
    public IReadOnlyList<SweepEvent>? After(EventId seen, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var missing = sequence - seen.Sequence;
        return seen.Epoch == epoch && missing >= 0 && missing <= remembered.Count
            ? [.. remembered.Skip(remembered.Count - (int)missing).Take(most)]
            : null;
    }

    /// <summary>The last events, oldest first.</summary>
    /// <param name="most">So many at most; fewer where fewer are remembered.</param>
    public IReadOnlyList<SweepEvent> Latest(int most = Retold) => [.. remembered.TakeLast(most)];

    /// <summary>
    /// For one who has seen nothing that the rest is remembered of: how it began, the last events, and how far it is. The
    /// ids are those of the events, so that one who is cut off in between misses none and goes on with the next.
    /// </summary>
    /// <param name="started">Left out where the last events have their own.</param>
    /// <param name="progress">Null: nothing is known of it. It stands before the end, which is always the last.</param>
    public IReadOnlyList<SweepEvent> Snapshot(EngineEvent.SweepStarted started, EngineEvent.ProgressMade? progress)
    {
        var told = Latest().ToList();
        if (!told.Exists(e => e.Event is EngineEvent.SweepStarted))
        {
            told.Insert(0, new SweepEvent(new EventId(epoch, sequence - told.Count), started));
        }

        if (progress is not null)
        {
            var at = told[^1].Event is EngineEvent.SweepEnded ? told.Count - 1 : told.Count;
            told.Insert(at, new SweepEvent(told[at - 1].Id, progress));
        }

        return told;
    }
}
