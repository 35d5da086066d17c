namespace Layerbench.Core.Engines;

/// <summary>The last events of a sweep, numbered. Not thread-safe.</summary>
/// <param name="epoch">Of whoever coordinates the sweep: another one has another, so that its numbers are not taken for these.</param>
/// <param name="capacity">Events that are remembered, at least 1.</param>
public sealed class EventLog(long epoch, int capacity)
{
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
}
