using System.Globalization;
using Layerbench.Core.Statistics;

namespace Layerbench.Bench.Validity;

/// <summary>Prints the figures of docs/measurement.md from raw launches: each with what it rests on and what was asked.</summary>
internal sealed class ValidityReport(IReadOnlyList<JudgedCell> interleaved, IReadOnlyList<JudgedCell> sequential)
{
    private const int Half = Gathering.Launches / 2;

    /// <summary>Of the half-width of a ratio's interval, on a CPU.</summary>
    private const double Target = 0.02;

    private static readonly double[] truths = [0, Math.Log(1 + RawLaunch.Extra)];
    private static readonly int[] variants = [RawLaunch.Same, RawLaunch.Slower];

    /// <exception cref="InvalidDataException">No cell has all its launches.</exception>
    public static void Print(IReadOnlyList<RawLaunch> launches)
    {
        var (interleaved, sequential) = JudgedCell.Of(launches);
        if (interleaved.Count == 0)
        {
            throw new InvalidDataException(
                $"no cell has its {Gathering.Launches} launches; measure for longer, or replay a whole file"
            );
        }

        Machine.Line(
            "judged",
            $"{interleaved.Count} cells of ffn.dense, {Gathering.Launches} launches of {Gathering.Blocks} blocks, warm-up "
                + $"{Gathering.WarmUp.TotalMilliseconds:N0} ms (a sweep's: 200 ms)"
        );
        Machine.Line("beside", launches[0].Hog ? "a program that burns a CPU in random intervals" : "no load of ours");
        new ValidityReport(interleaved, sequential).Print();
    }

    private void Print()
    {
        Machine.Title("Controls, judged by the product's rule as one grid (margin 2%, FDR 5%)");
        var (same, slower) = JudgedGrid.Verdicts(interleaved, 0, Gathering.Launches);
        var wrong = Share.Where(same, v => v is Verdict.Faster or Verdict.Slower);
        var found = Share.Where(slower, v => v == Verdict.Slower);
        Reach("A/A called Faster or Slower", $"{wrong}", wrong.Count <= 0.01 * wrong.Of, "at most 1%");
        Reach("+3% called Slower", $"{found}", found.Count >= 0.95 * found.Of, "at least 95%");
        Machine.Line("A/A called Equivalent", $"{Share.Where(same, v => v == Verdict.Equivalent)}");
        Machine.Line(
            "+3% called Equivalent (within the margin: wrong)",
            $"{Share.Where(slower, v => v == Verdict.Equivalent)}"
        );
        Machine.Line("+3% called Faster (reversed)", $"{slower.Count(v => v == Verdict.Faster)}");
        if (wrong.High > 0.01)
        {
            Machine.Line("", "too few cells to prove 1%: that takes 381 without one false verdict");
        }

        Accuracy();
        Coverage();
        Repeatability();
        Time();

        Machine.Title("What other rules say of the same samples (share, [95% Wilson interval])");
        Console.WriteLine($"  {"rule", -44} {"order", -12} {"claims at A/A", -28} {"Slower at +3%", -28} reversed");
        foreach (var line in RuleLines.Of(interleaved, sequential))
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>The extra work itself: what all launches together say of it.</summary>
    private void Accuracy()
    {
        Machine.Title("Ratios over all launches of all cells (median of launch ratios)");
        foreach (var (name, cells) in new[] { ("interleaved", interleaved), ("in sequence", sequential) })
        {
            if (cells.Count > 0)
            {
                Machine.Line(
                    $"{name}: A/A, +3%",
                    string.Join(
                        ", ",
                        variants.Select(v =>
                            Number(Math.Exp(Quantiles.Median([.. cells.SelectMany(c => c.LogRatios(v))])))
                        )
                    )
                );
            }
        }
    }

    private void Coverage()
    {
        Machine.Title("Nominal 95% intervals of the ratio that contain the truth (asked: 93 to 97%)");
        foreach (var (variant, truth) in variants.Zip(truths))
        {
            var name = variant == RawLaunch.Same ? "A/A, truth 1" : "+3%, truth 1.03";
            var all = interleaved.Select(c => Inside(c.LogRatios(variant), truth));
            var covered = Share.Where(all, inside => inside);
            Machine.Line($"{name}: {Gathering.Launches} launches", $"{covered, -28} {Judged(covered, 0.93, 0.97)}");
            Machine.Line(
                $"{name}: first {Half} launches",
                $"{Share.Where(interleaved, c => Inside(c.LogRatios(variant)[..Half], truth))}"
            );
            var centre = Quantiles.Median([.. interleaved.SelectMany(c => c.LogRatios(variant))]);
            Machine.Line(
                $"{name}: against all cells' median instead",
                $"{Share.Where(interleaved, c => Inside(c.LogRatios(variant), centre))}"
            );
            var single = interleaved.SelectMany(c => c.Times).Select(t => Single(t, variant, truth));
            Machine.Line($"{name}: one launch, t over its blocks", $"{Share.Where(single, inside => inside)}");
        }
    }

    private void Repeatability()
    {
        Machine.Title($"A cell's ratio from launches 1 to {Half} against {Half + 1} to {Gathering.Launches}");
        var differences = interleaved
            .SelectMany(c => variants.Select(v => c.LogRatios(v)))
            .Select(l => Math.Abs(Location(l[..Half]) - Location(l[Half..])))
            .Order()
            .ToArray();
        var median = Quantiles.Median(differences);
        Reach("median difference", Percent(median), median <= 0.01, "at most 1% loaded, 0.5% idle");
        Machine.Line("95% of them are below", Percent(Quantiles.Type7(differences, 0.95)));
        Machine.Line("the greatest", Percent(differences[^1]));
        var (firstSame, firstSlower) = JudgedGrid.Verdicts(interleaved, 0, Half);
        var (lastSame, lastSlower) = JudgedGrid.Verdicts(interleaved, Half, Gathering.Launches);
        var reversed = firstSame
            .Concat(firstSlower)
            .Zip(lastSame.Concat(lastSlower))
            .Count(p => p is (Verdict.Faster, Verdict.Slower) or (Verdict.Slower, Verdict.Faster));
        Reach("verdicts of the halves that contradict each other", $"{reversed}", reversed == 0, "0");
    }

    private void Time()
    {
        Machine.Title(
            $"Launches until the interval's half-width is {Target:P0}, looked at after {Half} and {Gathering.Launches}"
        );
        var comparisons = interleaved.SelectMany(c => variants.Select(v => c.LogRatios(v))).ToList();
        var early = Share.Where(comparisons, l => HalfWidth(l[..Half]) <= Target);
        var done = Share.Where(comparisons, l => HalfWidth(l) <= Target);
        Machine.Line($"narrow enough after {Half}", $"{early}");
        Machine.Line($"after {Gathering.Launches}", $"{done}");
        var mean = (early.Count * Half + (double)(early.Of - early.Count) * Gathering.Launches) / early.Of;
        Machine.Line(
            "mean launches of a comparison, stopped when narrow",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{mean:N1}, {100 * mean / Gathering.Launches:N0}% of a fixed {Gathering.Launches}"
            )
        );
        Machine.Line(
            "",
            "not shown: 30% of a fixed protocol's time, which needs cells that take 48 launches beside cells that take 6"
        );
    }

    private static bool Single(IReadOnlyList<IReadOnlyList<double>> launch, int variant, double truth)
    {
        var (low, high) = SimpleRules.Interval(JudgedCell.BlockLogRatios(launch, variant));
        return low <= truth && truth <= high;
    }

    private static bool Inside(double[] logRatios, double truth)
    {
        var (_, low, high, _) = HodgesLehmann.Estimate(logRatios);
        return low <= truth && truth <= high;
    }

    private static double Location(double[] logRatios) => HodgesLehmann.Estimate(logRatios).Value;

    private static double HalfWidth(double[] logRatios)
    {
        var (_, low, high, _) = HodgesLehmann.Estimate(logRatios);
        return (high - low) / 2;
    }

    /// <summary>A share outside the range whose own interval reaches into it proves nothing.</summary>
    private static string Judged(Share share, double least, double most)
    {
        var value = (double)share.Count / share.Of;
        return value >= least && value <= most ? "reached"
            : share.High >= least && share.Low <= most ? "undecided: too few cells"
            : "MISSED";
    }

    private static void Reach(string name, string value, bool reached, string asked) =>
        Machine.Line(name, $"{value, -28} {(reached ? "reached" : "MISSED")} (asked: {asked})");

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Percent(double log) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * (Math.Exp(log) - 1):N2}%");
}
