using System.Diagnostics;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>Connections to one database, with patience for it.</summary>
internal sealed class PostgresConnections(PostgresAddress address, TimeSpan longest) : IAsyncDisposable
{
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(address.ConnectionString);
    private readonly NpgsqlDataSource keyed = NpgsqlDataSource.Create(address.KeyedConnectionString);
    private readonly PostgresPatience patience = new(longest);

    public PostgresAddress Address { get; } = address;

    /// <summary>Runs work on a connection; from the start again, on another, where it failed in passing.</summary>
    /// <param name="from">A <see cref="Stopwatch"/>'s timestamp, from which patience counts.</param>
    /// <exception cref="NpgsqlException">It failed for good, or patience is at its end.</exception>
    public Task<T> DoAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        long from,
        CancellationToken cancellation = default
    ) => WithAsync(source, work, from, cancellation);

    /// <summary>As <see cref="DoAsync"/>, for statements that find every row by its key.</summary>
    public Task<T> DoByKeyAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        long from,
        CancellationToken cancellation = default
    ) => WithAsync(keyed, work, from, cancellation);

    /// <summary>As <see cref="DoAsync"/>, from now, and what fails is said in the user's words.</summary>
    /// <exception cref="StoreException">It failed for good, or patience is at its end.</exception>
    public Task<T> AskAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        CancellationToken cancellation = default
    ) => ExplainedAsync(DoAsync(work, Stopwatch.GetTimestamp(), cancellation));

    /// <summary>As <see cref="AskAsync"/>, for statements that find every row by its key.</summary>
    public Task<T> AskByKeyAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        CancellationToken cancellation = default
    ) => ExplainedAsync(DoByKeyAsync(work, Stopwatch.GetTimestamp(), cancellation));

    public Exception Explain(Exception error) => PostgresErrors.Of(error, Address, patience.Longest);

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await keyed.DisposeAsync();
    }

    private async Task<T> ExplainedAsync<T>(Task<T> asked)
    {
        try
        {
            return await asked;
        }
        catch (Exception error) when (error is NpgsqlException || PostgresErrors.IsTransient(error))
        {
            throw Explain(error);
        }
    }

    private Task<T> WithAsync<T>(
        NpgsqlDataSource connections,
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        long from,
        CancellationToken cancellation
    ) =>
        patience.DoAsync(
            async token =>
            {
                await using var connection = await connections.OpenConnectionAsync(token);
                return await work(connection, token);
            },
            from,
            cancellation
        );
}
