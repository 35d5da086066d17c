using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Layerbench.Engine.Stores;

internal interface ISqliteWrite : IQueuedWrite
{
    void Run(SqliteWriter writer);
}

/// <inheritdoc/>
internal sealed class SqliteWrite<T>(Func<SqliteWriter, T> work, CancellationToken cancellation)
    : QueuedWrite<T>(cancellation),
        ISqliteWrite
{
    public void Run(SqliteWriter writer) => Answer(work(writer));
}

/// <summary>Runs writes over the one connection that writes; those that arrive meanwhile join the transaction.</summary>
/// <remarks>
/// A write that throws is undone alone, by a savepoint. When the transaction itself fails (disk full), each of its
/// writes is tried again in a transaction of its own, so that those that can be kept are.
/// </remarks>
internal sealed class SqliteGroups(SqliteWriter writer, string path) : IGroupCommitter<ISqliteWrite>
{
    private static readonly TimeSpan maximumGathering = TimeSpan.FromMilliseconds(10);

    public Task CommitAsync(List<ISqliteWrite> group, Func<bool> next)
    {
        if (!Together(group, next))
        {
            group.ForEach(Alone);
        }

        return Task.CompletedTask;
    }

    public Exception Explain(Exception error) =>
        error is SqliteException sqlite ? StorageErrors.Of(sqlite, path) : error;

    /// <summary>Runs what is queued in one transaction. False: the transaction failed, and nothing of it is kept.</summary>
    private bool Together(List<ISqliteWrite> group, Func<bool> next)
    {
        if (!next())
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
            } while (Stopwatch.GetElapsedTime(gathering) < maximumGathering && next());

            writer.Commit();
        }
        catch (SqliteException)
        {
            writer.Rollback();
            return false;
        }

        group.ForEach(w => w.Conclude());
        return true;
    }

    /// <summary>False: SQLite rolled back the whole transaction.</summary>
    private bool Step(ISqliteWrite write)
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

    private void Alone(ISqliteWrite write)
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
}
