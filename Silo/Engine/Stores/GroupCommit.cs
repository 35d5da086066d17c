using System.Diagnostics;
using System.Threading.Channels;
using Layerbench.Metrics;

namespace Layerbench.Engine.Stores;

/// <summary>Makes groups of writes durable; one group at a time.</summary>
internal interface IGroupCommitter<TWrite>
{
    /// <summary>
    /// Runs queued writes in a transaction and tells each how it ended. What throws here is no single write's fault, and
    /// is told to all of the group that have not been told.
    /// </summary>
    /// <param name="group">Empty; takes the writes that are taken from the queue.</param>
    /// <param name="next">Moves the next queued write to the end of the group; false: there is none now.</param>
    Task CommitAsync(List<TWrite> group, Func<bool> next);

    /// <summary>In the user's words.</summary>
    Exception Explain(Exception error);
}

/// <summary>
/// One writer that commits in groups: while one transaction reaches the disk the next writes queue up, and then share
/// the next transaction (DeWitt et al. 1984, doi:10.1145/602259.602261). A write's task ends when it is durable.
/// </summary>
internal sealed class GroupCommit<TWrite> : IAsyncDisposable
    where TWrite : class, IQueuedWrite
{
    /// <summary>Of one group.</summary>
    public const int MaximumWrites = 1000;

    // Bounded, so that callers who outrun the disk wait instead of filling memory.
    private readonly Channel<TWrite> queue = Channel.CreateBounded<TWrite>(
        new BoundedChannelOptions(4 * MaximumWrites) { SingleReader = true }
    );
    private readonly IGroupCommitter<TWrite> committer;
    private readonly string place;
    private readonly Task loop;

    /// <param name="place">Names the store in messages.</param>
    public GroupCommit(IGroupCommitter<TWrite> committer, string place)
    {
        this.committer = committer;
        this.place = place;
        loop = Task.Run(LoopAsync);
    }

    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task QueueAsync(TWrite write, CancellationToken cancellation)
    {
        try
        {
            await queue.Writer.WriteAsync(write, cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException($"The results store '{place}' is closed.", closed);
        }
    }

    /// <summary>Finishes what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    private async Task LoopAsync()
    {
        var group = new List<TWrite>(MaximumWrites);
        while (await queue.Reader.WaitToReadAsync())
        {
            var since = Stopwatch.GetTimestamp();
            try
            {
                await committer.CommitAsync(group, () => Next(group));
            }
            catch (Exception error)
            {
                // Not one write's fault (the transaction could not begin or be undone): none of them is durable.
                group.ForEach(w => w.Fail(committer.Explain(error)));
            }

            if (group.Count > 0)
            {
                EngineMetrics.Committed(Stopwatch.GetElapsedTime(since), group.Count);
            }

            group.Clear();
        }
    }

    private bool Next(List<TWrite> group)
    {
        while (group.Count < MaximumWrites && queue.Reader.TryRead(out var write))
        {
            if (!write.Withdrawn())
            {
                group.Add(write);
                return true;
            }
        }

        return false;
    }
}
