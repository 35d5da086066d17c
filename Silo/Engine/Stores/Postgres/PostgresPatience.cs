using System.Diagnostics;
using Polly;
using Polly.Retry;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>
/// The one place where what failed in passing at a PostgreSQL is done again (see <see cref="PostgresErrors.IsTransient"/>),
/// until it succeeds, fails for good, or patience ends: then the last failure is thrown as it was.
/// </summary>
public sealed class PostgresPatience(TimeSpan patience)
{
    private static readonly ResiliencePropertyKey<long> since = new("since");

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

    /// <summary>For how long callers are kept waiting.</summary>
    public TimeSpan Longest { get; } = patience;

    /// <param name="work">Can be done again from the start.</param>
    public Task DoAsync(Func<Task> work) =>
        DoAsync(
            async _ =>
            {
                await work();
                return true;
            },
            Stopwatch.GetTimestamp(),
            CancellationToken.None
        );

    /// <param name="from">A <see cref="Stopwatch"/>'s timestamp, from which patience counts.</param>
    internal async Task<T> DoAsync<T>(Func<CancellationToken, Task<T>> work, long from, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        try
        {
            context.Properties.Set(since, from);
            return await pipeline.ExecuteAsync(
                async c => await work(c.CancellationToken).ConfigureAwait(c.ContinueOnCapturedContext),
                context
            );
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
