using System.Diagnostics;

namespace Layerbench.Engine.Stores;

/// <summary>A write that waits for its group to be durable.</summary>
internal interface IQueuedWrite
{
    /// <summary><see cref="Stopwatch"/>'s timestamp.</summary>
    long QueuedAt { get; }

    /// <summary>Remembers why it failed; told by <see cref="Conclude"/>, once the group is through.</summary>
    void Note(Exception error);

    /// <summary>Its group is durable: tells the caller what it gave, or why it failed.</summary>
    void Conclude();

    /// <summary>Nothing of it is kept.</summary>
    void Fail(Exception error);

    /// <summary>True: its caller has cancelled it, and has been told so.</summary>
    bool Withdrawn();
}

/// <inheritdoc cref="IQueuedWrite"/>
/// <param name="cancellation">Withdraws a write that has not begun; one that has is finished.</param>
internal abstract class QueuedWrite<T>(CancellationToken cancellation) : IQueuedWrite
{
    // Callers go on elsewhere: the writer does not run their code.
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;
    private Exception? failure;

    /// <summary>Ends when the write is durable or has failed, with nothing of it kept.</summary>
    public Task<T> Task => done.Task;

    public long QueuedAt { get; } = Stopwatch.GetTimestamp();

    public void Note(Exception error) => failure = error;

    public void Conclude()
    {
        if (failure is null)
        {
            done.TrySetResult(result!);
        }
        else
        {
            done.TrySetException(failure);
        }
    }

    public void Fail(Exception error) => done.TrySetException(error);

    public bool Withdrawn() => cancellation.IsCancellationRequested && done.TrySetCanceled(cancellation);

    /// <summary>What it gives once the group is durable; takes the place of an earlier answer or failure.</summary>
    protected void Answer(T answer)
    {
        failure = null;
        result = answer;
    }
}
