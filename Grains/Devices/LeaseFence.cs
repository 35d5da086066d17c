using Layerbench.Core.Scheduling;

namespace Layerbench.Grains.Devices;

/// <summary>The epoch of a slice in its holder's hands.</summary>
internal sealed class LeaseFence(long? epoch, TimeProvider time) : ISliceFence
{
    /// <summary>From taking an epoch to having told the holders: asking every device of the fleet lies in between.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(15);

    private readonly Lock one = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? current = epoch;

    public long? Epoch
    {
        get
        {
            lock (one)
            {
                return current;
            }
        }
    }

    public void Adopt(long next)
    {
        lock (one)
        {
            current = next;
            changed.TrySetResult();
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task<bool> IsAdoptedAsync(long? after, CancellationToken cancellation)
    {
        Task change;
        lock (one)
        {
            if (current > after)
            {
                return true;
            }

            change = changed.Task;
        }

        try
        {
            await change.WaitAsync(patience, time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
