using Layerbench.Core.Results;

namespace Layerbench.Core.Scheduling;

/// <summary>Under which epoch a slice's results are written now: it changes where another owner of the sweep takes the slice over.</summary>
public interface ISliceFence
{
    long? Epoch { get; }

    /// <summary>Waits until the slice is taken over by a later owner than that epoch's; false: it was not, in the time that there is.</summary>
    Task<bool> IsAdoptedAsync(long? after, CancellationToken cancellation);
}

/// <summary>Writes that outlive the owner of the sweep.</summary>
public static class FencedWrites
{
    /// <summary>Writes under the slice's epoch; where that is over, again under the next, once the slice has been taken over.</summary>
    /// <param name="write">Given the epoch; what it writes is kept once, however often it is called.</param>
    /// <exception cref="StaleEpochException">The sweep has another owner, who has not taken the slice over.</exception>
    public static async Task<T> WriteAsync<T>(
        this Slice slice,
        Func<long?, Task<T>> write,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            var epoch = slice.Fence is { } fence ? fence.Epoch : slice.Epoch;
            try
            {
                return await write(epoch).ConfigureAwait(false);
            }
            catch (StaleEpochException) when (slice.Fence is not null)
            {
                if (!await slice.Fence.IsAdoptedAsync(epoch, cancellation).ConfigureAwait(false))
                {
                    throw;
                }
            }
        }
    }
}
