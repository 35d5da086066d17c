using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Metrics;

namespace Layerbench.Engine.Stores;

/// <summary>Counts what a store takes and what it refuses.</summary>
internal static class CountedResults
{
    public static async Task<AcceptResult> CountedAsync(this Task<AcceptResult> accepting, SweepId sweep)
    {
        try
        {
            var result = await accepting.ConfigureAwait(false);
            ResultMetrics.Accepted(sweep, result.Accepted);
            if (result.Duplicates > 0)
            {
                ResultMetrics.Duplicate(sweep, result.Duplicates);
            }

            return result;
        }
        catch (StaleEpochException)
        {
            ResultMetrics.Stale(sweep);
            throw;
        }
    }
}
