using System.Runtime.CompilerServices;
using Layerbench.Cluster;
using Layerbench.Core.Results;

namespace Layerbench.Harness;

/// <summary>Waits for what a cluster comes to by itself.</summary>
public static class Until
{
    private static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(20);

    /// <param name="within">Far beyond what it takes; null: three minutes.</param>
    /// <param name="seen">What to tell beside, where it does not come.</param>
    /// <returns>How long it took, to about 20 ms.</returns>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public static async Task<TimeSpan> TrueAsync(
        Func<Task<bool>> holds,
        TimeSpan? within = null,
        Func<string>? seen = null,
        [CallerArgumentExpression(nameof(holds))] string what = ""
    )
    {
        var limit = within ?? TimeSpan.FromMinutes(3);
        var since = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(since) > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds} s: {what}\n{seen?.Invoke()}");
            }

            await Task.Delay(lookAgain);
        }

        return TimeProvider.System.GetElapsedTime(since);
    }

    /// <summary>
    /// Started until that is heard: the silo that is asked may die meanwhile or be slow, and starting twice is starting once.
    /// </summary>
    public static Task<TimeSpan> StartedAsync(
        ISweepGrain sweep,
        SweepRecord record,
        SweepTerms terms,
        TimeSpan? within = null
    ) =>
        TrueAsync(
            async () =>
            {
                try
                {
                    await sweep.Start(record, terms);
                    return true;
                }
                catch (Exception e) when (Unanswered.Is(e) || e is StaleEpochException || NoNodeYet(e))
                {
                    return false;
                }
            },
            within
        );

    private static bool NoNodeYet(Exception e) =>
        e.Message.Contains("no node has told of its workers yet", StringComparison.Ordinal);
}
