using System.Globalization;
using Layerbench.Core.Engines;
using Layerbench.Engine.Stores;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Layerbench.Gateway;

/// <summary>
/// Calls to grains, made again while silos are lost and replaced, for as long as a request may wait. All that a gateway
/// calls can be called twice: grains take the same command again as done.
/// </summary>
internal sealed class ClusterCalls(ClusterConnection connection, TimeSpan patience, TimeProvider time)
{
    /// <summary>One that is lost with its silo is not waited for longer than this.</summary>
    private static readonly TimeSpan oneCall = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan askAgain = TimeSpan.FromSeconds(5);

    private readonly ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddTimeout(patience)
        .AddRetry(
            new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsPassing),
                MaxRetryAttempts = int.MaxValue,
                Delay = TimeSpan.FromMilliseconds(250),
                BackoffType = DelayBackoffType.Exponential,
                MaxDelay = TimeSpan.FromSeconds(2),
                UseJitter = true,
            }
        )
        .AddTimeout(oneCall < patience ? oneCall : patience)
        .Build();

    /// <exception cref="EngineUnavailableException">Nobody answered in time.</exception>
    public async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        Exception? last = null;
        try
        {
            return await pipeline.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        return connection.IsUp
                            ? await call().WaitAsync(token)
                            : throw new ConnectionNotReadyException();
                    }
                    catch (OperationCanceledException e) when (!token.IsCancellationRequested)
                    {
                        // Polly takes a cancellation for the request's own, and gives up.
                        last = new TimeoutException("a silo gave the call up", e);
                        throw last;
                    }
                    catch (Exception e) when (IsPassing(e))
                    {
                        last = e;
                        throw;
                    }
                },
                cancellation
            );
        }
        catch (TimeoutRejectedException e)
        {
            throw new EngineUnavailableException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the cluster did not answer within {patience.TotalSeconds:0.#} s{Why(last)}; sweeps go on where silos are up; ask again in a moment"
                ),
                askAgain,
                e
            );
        }
    }

    public Task AskAsync(Func<Task> call, CancellationToken cancellation) =>
        AskAsync(
            async () =>
            {
                await call();
                return true;
            },
            cancellation
        );

    /// <summary>Not the request's fault: a silo died, is starting, hangs, or cannot reach its store.</summary>
    private static bool IsPassing(Exception error) =>
        error
            is TimeoutException
                or TimeoutRejectedException
                or OrleansException
                or ConnectionNotReadyException
                or ObjectDisposedException
                or StoreException;

    private static string Why(Exception? last) =>
        last is null or TimeoutException or TimeoutRejectedException
            ? ""
            : $" ({last.Message.Split('\n')[0].TrimEnd('.')})";
}

/// <summary>No silo has been reached since the gateway was started.</summary>
internal sealed class ConnectionNotReadyException() : Exception("no silo has been reached yet");
