using System.Globalization;
using Layerbench.Core.Analysis;

namespace Layerbench.Cli.Views;

/// <summary>Times in the words of IPython's <c>%timeit</c>, character for character, so that they can be held beside its output.</summary>
/// <remarks>After <c>TimeitResult.__str__</c> and <c>_format_time</c> of IPython 8, IPython/core/magics/execution.py.</remarks>
internal static class TimeitText
{
    private static readonly (string Name, double Seconds)[] Parts = [("d", 86400), ("h", 3600), ("min", 60), ("s", 1)];

    private static readonly (string Name, double PerSecond)[] Scales =
    [
        ("s", 1),
        ("ms", 1e3),
        ("µs", 1e6),
        ("ns", 1e9),
    ];

    /// <summary><c>14.8 s ± 170 ms per loop (mean ± std. dev. of 7 runs, 1 loop each)</c>.</summary>
    public static string Of(LoopTimes times) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Time(times.MeanSeconds)} ± {Time(times.DeviationSeconds)} per loop (mean ± std. dev. of {times.Runs} run{Plural(times.Runs)}, {times.Loops:N0} loop{Plural(times.Loops)} each)"
        );

    /// <summary><c>14.8 s</c>, <c>170 ms</c>, <c>1min 10s</c>.</summary>
    public static string Time(double seconds)
    {
        if (seconds >= 60)
        {
            return LongTime(seconds);
        }

        var order = seconds > 0 ? Math.Min(-(int)Math.Floor(Math.Floor(Math.Log10(seconds)) / 3), 3) : 3;
        return $"{ThreeDigits(seconds * Scales[order].PerSecond)} {Scales[order].Name}";
    }

    private static string LongTime(double seconds)
    {
        List<string> words = [];
        foreach (var (name, length) in Parts)
        {
            var count = Math.Floor(seconds / length);
            if (count > 0)
            {
                seconds %= length;
                words.Add(string.Create(CultureInfo.InvariantCulture, $"{count:0}{name}"));
            }

            if (seconds < 1)
            {
                break;
            }
        }

        return string.Join(' ', words);
    }

    /// <summary>C's <c>%.3g</c>. It takes a half to the even digit, where .NET's formats take it away from zero.</summary>
    private static string ThreeDigits(double value)
    {
        // A half of the last digit shown is a multiple of 1/8, and no other double of that size is one.
        if (value is >= 1 and < 1000 && value * 8 == Math.Floor(value * 8))
        {
            var decimals =
                value >= 100 ? 0
                : value >= 10 ? 1
                : 2;
            value = (double)decimal.Round((decimal)value, decimals, MidpointRounding.ToEven);
        }

        return value.ToString("g3", CultureInfo.InvariantCulture);
    }

    private static string Plural(long count) => count == 1 ? "" : "s";
}
