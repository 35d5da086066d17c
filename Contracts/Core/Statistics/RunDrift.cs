using Layerbench.Core.Results;

namespace Layerbench.Core.Statistics;

/// <summary>
/// How far a device itself moved between two runs, by a canary that both took of it: work that no variant changes, so
/// what moved there moved with the machine. On the log scale, without direction.
/// </summary>
/// <param name="Seen">The median shift, at least 0.</param>
/// <param name="Most">The furthest that its 95% interval allows; infinite where there are too few canaries for one.</param>
public readonly record struct RunDrift(double Seen, double Most)
{
    /// <summary>Of two runs that were interleaved: what drifts is in both sides alike.</summary>
    public static RunDrift None { get; } = new(0, 0);

    /// <summary>Without canaries nothing bounds the drift.</summary>
    public static RunDrift Unknown { get; } = new(0, double.PositiveInfinity);

    /// <summary>
    /// The launch is the unit, as everywhere: the mean of its canaries, one or two, shifted by Hodges and Lehmann with the rank-sum
    /// interval (<see cref="Shift"/>).
    /// </summary>
    /// <param name="rates">Logs of one canary's rates, by launch, in the one run and in the other.</param>
    internal static RunDrift Between((double[] Before, double[] After) rates)
    {
        var (value, low, high, _) = Shift.Estimate(rates.Before, rates.After);
        return double.IsFinite(value) && double.IsFinite(low) && double.IsFinite(high)
            ? new(Math.Abs(value), Math.Max(Math.Abs(low), Math.Abs(high)))
            : Unknown;
    }

    /// <summary>By launch: the mean of the logs of its canaries' rates.</summary>
    internal static double[] Logs(IEnumerable<CanaryRecord> canaries, Func<CanaryRecord, double?> rate) =>
        [
            .. canaries
                .GroupBy(c => c.Launch)
                .OrderBy(g => g.Key)
                .Select(g => g.Select(rate).OfType<double>().Where(r => r > 0 && double.IsFinite(r)).ToList())
                .Where(rates => rates.Count > 0)
                .Select(rates => rates.Average(Math.Log)),
        ];
}
