using System.Globalization;

namespace Layerbench.Bench.Clusters;

/// <summary>Prints figures with what was asked beside them.</summary>
internal static class Figures
{
    public static void Line(string name, double value, string unit, string asked, string format = "0.0") =>
        Machine.Line(name, $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit} (asked: {asked})");

    /// <summary>p50, p99 and the largest of times; with fewer than 100 the 99th of 100 is the largest, and it is said how many there are.</summary>
    public static void Times(string name, IReadOnlyList<TimeSpan> times, string asked)
    {
        if (times.Count == 0)
        {
            Machine.Line(name, "nothing was seen of it");
            return;
        }

        var sorted = times.Select(t => t.TotalSeconds).Order().ToList();
        Machine.Line(
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"p50 {At(sorted, 0.5):0.00} s, p99 {At(sorted, 0.99):0.00} s, largest {sorted[^1]:0.00} s of {sorted.Count} (asked: {asked})"
            )
        );
    }

    public static string Of(double value, string format = "0.0") =>
        value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Type 1 of Hyndman and Fan 1996: a time that was seen.</summary>
    private static double At(IReadOnlyList<double> sorted, double share) =>
        sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
}
