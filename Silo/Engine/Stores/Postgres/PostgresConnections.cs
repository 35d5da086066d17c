using System.Diagnostics;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>
/// Connections to one database, and the one place where what failed in passing is done again: see
/// <see cref="PostgresErrors.IsTransient"/>.
/// </summary>
/// <param name="patience">For how long a caller is kept waiting while the database is down.</param>
internal sealed class PostgresConnections(PostgresAddress address, TimeSpan patience) : IAsyncDisposable
{
    private static readonly ResiliencePropertyKey<long> since = new("since");

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(address.ConnectionString);

    private readonly ResiliencePipeline pipeline = new ResiliencePipelineBuilder()
        .AddRetry(
            new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(20),
                MaxDelay = TimeSpan.FromSeconds(1),
                ShouldHandle = arguments =>
                    ValueTask.FromResult(
                        arguments.Outcome.Exception is { } error
                            && PostgresErrors.IsTransient(error)
                            && Stopwatch.GetElapsedTime(arguments.Context.Properties.GetValue(since, 0L)) < patience
                    ),
            }
        )
        .Build();

    public PostgresAddress Address { get; } = address;

    /// <summary>Runs work on a connection; from the start again, on another, where it failed in passing.</summary>
    /// <param name="from">A <see cref="Stopwatch"/>'s timestamp, from which patience counts.</param>
    /// <exception cref="NpgsqlException">It failed for good, or patience is at its end.</exception>
    public async Task<T> DoAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        long from,
        CancellationToken cancellation = default
    )
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        try
        {
            context.Properties.Set(since, from);
            return await pipeline.ExecuteAsync(
                async c =>
                {
                    await using var connection = await source.OpenConnectionAsync(c.CancellationToken);
                    return await work(connection, c.CancellationToken);
                },
                context
            );
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>As <see cref="DoAsync"/>, from now, and what fails is said in the user's words.</summary>
    /// <exception cref="StoreException">It failed for good, or patience is at its end.</exception>
    public async Task<T> AskAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        CancellationToken cancellation = default
    )
    {
        try
        {
            return await DoAsync(work, Stopwatch.GetTimestamp(), cancellation);
        }
        catch (Exception error) when (error is NpgsqlException || PostgresErrors.IsTransient(error))
        {
            throw Explain(error);
        }
    }

    public Exception Explain(Exception error) => PostgresErrors.Of(error, Address, patience);

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
