using System.Runtime.CompilerServices;

namespace Layerbench.Web.Tests;

/// <summary>Waits for what comes by itself, with a deadline far beyond what it takes.</summary>
internal static class Wait
{
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(
        Func<Task<bool>> holds,
        [CallerArgumentExpression(nameof(holds))] string what = ""
    )
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(since) > deadline)
            {
                throw new TimeoutException($"Not within {deadline.TotalSeconds} s: {what}");
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
