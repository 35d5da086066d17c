using System.Runtime.CompilerServices;
using Layerbench.Core.Results;
using Layerbench.Harness;

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

    /// <inheritdoc cref="Until.StartedAsync"/>
    public static Task UntilStartedAsync(ISweepGrain sweep, SweepRecord record, SweepTerms terms) =>
        Until.StartedAsync(sweep, record, terms, Deadline);

    /// <summary>The sweep has an outcome for every cell and nothing in flight. A call that fails is made again: its silo may have died.</summary>
    public static Task UntilDoneAsync(ISweepGrain sweep) =>
        UntilAsync(async () =>
        {
            try
            {
                var progress = await sweep.Progress();
                return progress.Passed == progress.Size && progress.InFlight == 0;
            }
            catch (Exception error) when (Unanswered.Is(error))
            {
                return false;
            }
        });
}
