using System.Diagnostics;
using System.Threading.Channels;

namespace Layerbench.Engine.Stores;

/// <summary>
/// One writer that commits in groups: while one transaction reaches the disk the next writes queue up, and then share
/// the next transaction (DeWitt et al. 1984, doi:10.1145/602259.602261). A write's task ends when it is durable.
/// </summary>
/// <remarks>
/// A write that throws is undone alone, by a savepoint. When the transaction itself fails (disk full), each of its
/// writes is tried again in a transaction of its own, so that those that can be kept are.
/// </remarks>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int MaximumWrites = 1000;
    private static readonly TimeSpan maximumGathering = TimeSpan.FromMilliseconds(10);

    // Bounded, so that callers who outrun the disk wait instead of filling memory.
    private readonly Channel<Write> queue = Channel.CreateBounded<Write>(
        new BoundedChannelOptions(4 * MaximumWrites) { SingleReader = true }
    );
    private readonly SqliteWriter writer;
    private readonly string path;
    private readonly Task loop;

    public GroupCommit(SqliteWriter writer, string path)
    {
        this.writer = writer;
        this.path = path;
        loop = Task.Run(LoopAsync);
    }

    /// <summary>Queues a write; its task ends when it is durable or has failed, with nothing of it kept.</summary>
    /// <param name="cancellation">Withdraws a write that has not begun; one that has is finished.</param>
    public async Task<T> WriteAsync<T>(Func<SqliteWriter, T> work, CancellationToken cancellation)
    {
        var write = new Write<T>(work, cancellation);
        try
        {
            await queue.Writer.WriteAsync(write, cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException($"The results store '{path}' is closed.", closed);
        }

        return await write.Task;
    }

    /// <summary>Finishes what is queued, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        writer.Dispose();
    }

    private async Task LoopAsync()
    {
        var group = new List<Write>(MaximumWrites);
        while (await queue.Reader.WaitToReadAsync())
        {
            try
            {
                if (!Together(group))
                {
                    group.ForEach(Alone);
                }
            }
            catch (Exception error)
            {
                // Not one write's fault (the transaction could not begin or be undone): none of them is durable.
                group.ForEach(w => w.Fail(Explain(error)));
            }

            group.Clear();
        }
    }

    /// <summary>Runs what is queued in one transaction. False: the transaction failed, and nothing of it is kept.</summary>
    private bool Together(List<Write> group)
    {
        if (!Next(group))
        {
            return true;
        }

        writer.Begin();
        var gathering = Stopwatch.GetTimestamp();
        try
        {
            do
            {
                if (!Step(group[^1]))
                {
                    writer.Rollback();
                    return false;
                }
            } while (
                group.Count < MaximumWrites && Stopwatch.GetElapsedTime(gathering) < maximumGathering && Next(group)
            );

            writer.Commit();
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            writer.Rollback();
            return false;
        }

        group.ForEach(w => w.Conclude());
        return true;
    }

    private bool Next(List<Write> group)
    {
        while (queue.Reader.TryRead(out var write))
        {
            if (!write.Withdrawn())
            {
                group.Add(write);
                return true;
            }
        }

        return false;
    }

    /// <summary>False: SQLite rolled back the whole transaction.</summary>
    private bool Step(Write write)
    {
        writer.Savepoint();
        try
        {
            write.Run(writer);
            writer.Release();
            return true;
        }
        catch (Exception error)
        {
            write.Note(Explain(error));
            if (!writer.InTransaction)
            {
                return false;
            }

            writer.RollbackToSavepoint();
            return true;
        }
    }

    private void Alone(Write write)
    {
        try
        {
            writer.Begin();
            write.Run(writer);
            writer.Commit();
            write.Conclude();
        }
        catch (Exception error)
        {
            write.Fail(Explain(error));
            writer.Rollback();
        }
    }

    private Exception Explain(Exception error) =>
        error is Microsoft.Data.Sqlite.SqliteException sqlite ? StorageErrors.Of(sqlite, path) : error;

    private abstract class Write
    {
        public abstract void Run(SqliteWriter writer);

        /// <summary>Remembers why it failed; told by <see cref="Conclude"/>, once the group is through.</summary>
        public abstract void Note(Exception error);

        public abstract void Conclude();

        public abstract void Fail(Exception error);

        public abstract bool Withdrawn();
    }

    private sealed class Write<T>(Func<SqliteWriter, T> work, CancellationToken cancellation) : Write
    {
        // Callers go on elsewhere: the writer does not run their code.
        private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? result;
        private Exception? failure;

        public Task<T> Task => done.Task;

        public override void Run(SqliteWriter writer)
        {
            failure = null;
            result = work(writer);
        }

        public override void Note(Exception error) => failure = error;

        public override void Conclude()
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

        public override void Fail(Exception error) => done.TrySetException(error);

        public override bool Withdrawn() => cancellation.IsCancellationRequested && done.TrySetCanceled(cancellation);
    }
}
