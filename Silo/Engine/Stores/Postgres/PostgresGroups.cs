using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>
/// Runs the writes of a group in one transaction, a few statements for all of them together. Writes that are in flight at
/// once have no order among them.
/// </summary>
/// <remarks>
/// A transaction whose commit was not heard of is looked for before it is made again: each is numbered, and its number is
/// written with it, so it lands once, and its writes are told what they gave then. A write that is refused is refused
/// alone. When the database refuses the transaction (a constraint), each of its writes is tried again alone.
/// </remarks>
internal sealed class PostgresGroups(PostgresConnections connections) : IGroupCommitter<IPostgresWrite>
{
    private readonly Guid writer = Guid.NewGuid();
    private readonly KnownKeys keys = new();
    private long number;

    public async Task CommitAsync(List<IPostgresWrite> group, Func<bool> next)
    {
        while (next()) { }

        foreach (var lone in group.OfType<ILoneWrite>())
        {
            await RunAsync([lone], byKey: false, lone.RunAsync);
        }

        List<ISharedWrite> shared = [.. group.OfType<ISharedWrite>()];
        if (shared.Count > 0 && !await TogetherAsync(shared))
        {
            foreach (var write in shared)
            {
                await TogetherAsync([write]);
            }
        }
    }

    public Exception Explain(Exception error) => connections.Explain(error);

    /// <summary>False: the database refused something in it, nothing is kept, and nobody was told.</summary>
    private Task<bool> TogetherAsync(List<ISharedWrite> writes) =>
        RunAsync(writes, byKey: true, c => new GroupTransaction(c, keys, writes).RunAsync());

    private async Task<bool> RunAsync(
        IReadOnlyList<IPostgresWrite> writes,
        bool byKey,
        Func<NpgsqlConnection, Task> work
    )
    {
        try
        {
            await TransactAsync(writes.Min(w => w.QueuedAt), byKey, work);
        }
        catch (PostgresException error) when (writes.Count > 1 && !PostgresErrors.IsTransient(error))
        {
            return false;
        }
        catch (Exception error)
        {
            foreach (var write in writes)
            {
                write.Fail(Explain(error));
            }

            return true;
        }

        foreach (var write in writes)
        {
            write.Conclude();
        }

        return true;
    }

    private Task TransactAsync(long from, bool byKey, Func<NpgsqlConnection, Task> work)
    {
        var mine = ++number;
        return byKey ? connections.DoByKeyAsync(OnceAsync, from) : connections.DoAsync(OnceAsync, from);

        async Task<bool> OnceAsync(NpgsqlConnection connection, CancellationToken cancellation)
        {
            while (true)
            {
                try
                {
                    await using var transaction = await connection.BeginTransactionAsync(cancellation);
                    if (await ClaimAsync(connection, mine))
                    {
                        await work(connection);
                    }

                    await transaction.CommitAsync(cancellation);
                    return true;
                }
                catch (CellMadeElsewhereException)
                {
                    // At once: what stood in the way is committed, and is found now.
                    keys.Forget();
                }
                catch
                {
                    keys.Forget();
                    throw;
                }
            }
        }
    }

    /// <summary>
    /// False: this transaction is durable already. One of an earlier attempt that the server still works on is waited for,
    /// at the writer's row.
    /// </summary>
    private async Task<bool> ClaimAsync(NpgsqlConnection connection, long transaction)
    {
        await using var claim = connection.Statement(
            """
            INSERT INTO writers AS w (writer, transaction, at) VALUES ($1, $2, now())
            ON CONFLICT (writer) DO UPDATE SET transaction = excluded.transaction, at = excluded.at
            WHERE w.transaction < excluded.transaction
            """,
            writer,
            transaction
        );
        return await claim.ExecuteNonQueryAsync() > 0;
    }
}
