using System.Runtime.CompilerServices;
using Layerbench.Core.Results;

namespace Layerbench.Cluster.Tests;

/// <summary>Waits for what several silos come to by themselves, with a deadline far beyond what it takes.</summary>
internal static class Wait
{
    /// <summary>Far beyond what anything takes.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    public static async Task UntilAsync(
        Func<Task<bool>> holds,
        Func<string>? seen = null,
        [CallerArgumentExpression(nameof(holds))] string what = ""
    )
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(since) > Deadline)
            {
                throw new TimeoutException($"Not within {Deadline.TotalSeconds} s: {what}\n{seen?.Invoke()}");
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>
    /// Starts a sweep, again where a busy machine did not answer in time: starting one that runs changes nothing.
    /// </summary>
    public static Task UntilStartedAsync(ISweepGrain sweep, SweepRecord record, SweepTerms terms) =>
        UntilAsync(async () =>
        {
            try
            {
                await sweep.Start(record, terms);
                return true;
            }
            catch (Exception error) when (error is TimeoutException or OrleansException)
            {
                return false;
            }
        });

    /// <summary>The sweep has an outcome for every cell and nothing in flight. A call that fails is made again: its silo may have died.</summary>
    public static Task UntilDoneAsync(ISweepGrain sweep) =>
        UntilAsync(async () =>
        {
            try
            {
                var progress = await sweep.Progress();
                return progress.Passed == progress.Size && progress.InFlight == 0;
            }
            catch (Exception error) when (error is TimeoutException or OrleansException)
            {
                return false;
            }
        });
}
