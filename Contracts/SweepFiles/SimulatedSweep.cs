using System.Globalization;
using Layerbench.Core.Results;

namespace Layerbench.SweepFiles;

/// <summary>The text <c>simulated: 300</c>: so many cells that wait and measure nothing, to try a cluster and for tests of scale.</summary>
public static class SimulatedSweep
{
    private const string Key = "simulated:";
    private const long MaximumCells = 1_000_000_000;

    /// <summary>How many, or null where it is a sweep file.</summary>
    /// <exception cref="ArgumentException">The number is out of range.</exception>
    public static long? Cells(SweepRecord sweep)
    {
        var text = sweep.Spec.Trim();
        if (!text.StartsWith(Key, StringComparison.Ordinal) || text.Contains('\n', StringComparison.Ordinal))
        {
            return null;
        }

        return
            long.TryParse(
                text[Key.Length..],
                NumberStyles.AllowLeadingWhite,
                CultureInfo.InvariantCulture,
                out var cells
            )
            && cells is >= 1 and <= MaximumCells
            ? cells
            : throw new ArgumentException(
                $"Sweep '{sweep.Id}': '{text}' does not say how many cells; write 'simulated: N', N from 1 to {MaximumCells}.",
                nameof(sweep)
            );
    }
}
