using Layerbench.Core.Scheduling;

namespace Layerbench.Grains.Devices;

/// <summary>The epoch of a slice in its holder's hands.</summary>
/// <param name="adoption">How long it waits to be taken over: <see cref="ClusterTimes.Adoption"/>.</param>
internal sealed class LeaseFence(long? epoch, TimeSpan adoption, TimeProvider time) : ISliceFence
{
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
            await change.WaitAsync(adoption, time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
