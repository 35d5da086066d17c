using System.Globalization;
using System.Text.RegularExpressions;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.SweepFiles;

/// <summary>
/// The text <c>simulated: 300</c>: so many cells that wait and measure nothing, to try a cluster and for tests of scale.
/// With <c>simulated: 300 spread 1.5</c> they wait for different times: a lognormal distribution, whose logarithm has this
/// standard deviation and whose median is what the silos are set to. With <c>simulated: 300 slices 64</c> a slice has up to
/// so many of them.
/// </summary>
/// <param name="Spread">0: all alike.</param>
/// <param name="SliceCells">Most cells in a slice; by default as many as a sweep file's.</param>
public sealed partial record SimulatedSweep(
    long Count,
    double Spread,
    int SliceCells = SchedulingOptions.UsualSliceCells
)
{
    private const string Key = "simulated:";
    private const long MaximumCells = 1_000_000_000;
    private const double MaximumSpread = 3;
    private const int MaximumSliceCells = 1024;

    /// <summary>What the text says, or null where it is a sweep file.</summary>
    /// <exception cref="ArgumentException">A number is missing or out of range.</exception>
    public static SimulatedSweep? Read(SweepRecord sweep)
    {
        var text = sweep.Spec.Trim();
        if (!text.StartsWith(Key, StringComparison.Ordinal) || text.Contains('\n', StringComparison.Ordinal))
        {
            return null;
        }

        var found = Form().Match(text);
        return
            long.TryParse(found.Groups["cells"].Value, CultureInfo.InvariantCulture, out var cells)
            && cells is >= 1 and <= MaximumCells
            && (Number(found.Groups["spread"].Value, 0) is var spread && spread is >= 0 and <= MaximumSpread)
            && (Number(found.Groups["slices"].Value, SchedulingOptions.UsualSliceCells) is var slice)
            && slice is >= 1 and <= MaximumSliceCells
            ? new SimulatedSweep(cells, spread, (int)slice)
            : throw new ArgumentException(
                $"Sweep '{sweep.Id}': '{text}' does not say how many cells; write 'simulated: N', after it if you want "
                    + $"'spread S' and 'slices M', N from 1 to {MaximumCells}, S from 0 to {MaximumSpread}, M from 1 to "
                    + $"{MaximumSliceCells}."
            );
    }

    /// <inheritdoc cref="Read"/>
    public static long? Cells(SweepRecord sweep) => Read(sweep)?.Count;

    /// <summary>How many times the median a cell waits.</summary>
    public double FactorOf(long index) =>
        Spread == 0 ? 1 : Math.Exp(Spread * SeededRandom.For(0, "simulated wait", index).NextNormal());

    private static double Number(string text, double otherwise) =>
        text.Length == 0 ? otherwise
        : double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : double.NaN;

    [GeneratedRegex(
        @"^simulated:\s*(?<cells>\d+)(\s+spread\s+(?<spread>\S+))?(\s+slices\s+(?<slices>\d+))?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form();
}
