using Layerbench.Core.Statistics;
using Layerbench.Core.Sweeps;

namespace Layerbench.Bench.Validity;

/// <summary>What a sequence of launches gives under the product's stop rule (looks at 6, 12, 24, 48; its usual target).</summary>
/// <param name="Launches">Used.</param>
/// <param name="Narrow">False: the launches ran out before the interval was as narrow as asked.</param>
internal readonly record struct Stopped(int Launches, bool Narrow, Evidence Evidence)
{
    public const double Target = MeasureSpec.UsualTarget;

    public static Stopped Of(double[] logRatios)
    {
        var launches = Math.Min(Looks.At[0], logRatios.Length);
        while (launches > 0)
        {
            var ratio = HodgesLehmann.EstimateFromLogs(logRatios.AsSpan(0, launches), Looks.Level(launches));
            var narrow = HalfWidth(ratio) <= Target;
            if (narrow || launches == logRatios.Length)
            {
                return new(launches, narrow, new Evidence(ratio, Verdicts.PValue(logRatios[..launches])));
            }

            launches = Looks.Next(launches, logRatios.Length) ?? logRatios.Length;
        }

        return new(0, false, new Evidence(new Interval(double.NaN, 0, double.PositiveInfinity, 0), double.NaN));
    }

    /// <summary>Without looks: all launches, at 5%.</summary>
    public static Stopped AtEnd(double[] logRatios)
    {
        var ratio = HodgesLehmann.EstimateFromLogs(logRatios);
        return new(logRatios.Length, HalfWidth(ratio) <= Target, new Evidence(ratio, Verdicts.PValue(logRatios)));
    }

    /// <summary>Of the ratio, as <see cref="LooksRule"/> takes it.</summary>
    public static double HalfWidth(Interval ratio) => (ratio.High - ratio.Low) / 2 / ratio.Value;

    public bool Holds(double logTruth) =>
        Evidence.Ratio.Low <= Math.Exp(logTruth) && Math.Exp(logTruth) <= Evidence.Ratio.High;

    /// <summary>One sweep's worth of them, judged as the product judges a grid.</summary>
    public static IReadOnlyList<Verdict> Judge(IEnumerable<Stopped> grid) =>
        [.. Verdicts.Over([.. grid.Select(s => s.Evidence)], new VerdictRule()).Select(j => j.Verdict)];
}
