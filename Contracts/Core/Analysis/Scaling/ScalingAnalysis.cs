using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis.Scaling;

/// <summary>
/// Exponents and crossovers of a sweep, from its stored launches alone: pure, and the order in which cells are seen
/// changes nothing.
/// </summary>
/// <remarks>
/// An exponent is fitted in each launch by itself, over all lines of one setting (<see cref="PowerLaw"/>), and the
/// launches' exponents are put together by Hodges–Lehmann, as everything else here: what a launch does to all of its
/// cells is in the interval, and where cells lie off the power law it is not noise but <see cref="ExponentFit.Misfit"/>.
/// The nth launches of a line's cells make one exponent; cells that went on for longer give those that all have.
/// </remarks>
/// <param name="listed">The axes to which the sweep gives values, in its order; those computed from others are not among them.</param>
public sealed class ScalingAnalysis(IReadOnlyList<string> listed, AnalysisRule rule)
{
    /// <summary>Cells of which the launches are kept in memory; a larger sweep is not fitted.</summary>
    public const int MostCells = 10_000;

    private static readonly string[] Reserved = ["pass", "backend", "dtype", "threads"];

    private readonly List<ScalingCell> cells = [];
    private bool tooMany;

    /// <param name="findings">Of the cell, by the same rule.</param>
    public void See(CellResult cell, CellFindings findings, IReadOnlyList<LaunchRecord> launches)
    {
        if (findings is not { Control: ControlKind.None, Problem: null, Estimate.TimeLaunches: > 0 } || tooMany)
        {
            return;
        }

        if (cells.Count == MostCells)
        {
            tooMany = true;
            cells.Clear();
            return;
        }

        if (ScalingCell.Of(cell, launches, rule) is { } kept)
        {
            cells.Add(kept);
        }
    }

    public ScalingReport Conclude()
    {
        if (tooMany)
        {
            return new([], [], TooMany: true);
        }

        cells.Sort((a, b) => a.Cell.Index.CompareTo(b.Cell.Index));
        List<ExponentFit> exponents = [];
        List<Crossover> crossovers = [];
        var varying = listed.Where(Varies).ToList();
        foreach (var axis in varying.Where(a => !Reserved.Contains(a, StringComparer.Ordinal)))
        {
            // An axis along which there is never more to do (a replicate, a seed, a learning rate) has no exponent.
            var lines = AxisLine.Along(axis, varying, cells).Where(WorkGrows).ToList();
            foreach (var setting in lines.GroupBy(l => Text(Setting(l))))
            {
                exponents.AddRange(Fits(axis, [.. setting]));
            }

            crossovers.AddRange(lines.SelectMany(Crossovers));
        }

        return new(exponents, crossovers);
    }

    private bool Varies(string axis) =>
        cells.Select(c => c.Cell.Point.GetValueOrDefault(axis)).Distinct().Take(2).Count() > 1;

    private static bool WorkGrows(AxisLine line) =>
        Enumerable
            .Range(0, line.Cells[0].Cell.Flops.Length)
            .Any(v => line.Cells.Select(c => c.Cell.Flops[v]).Where(double.IsFinite).Distinct().Count() > 1);

    /// <summary>What is no number, or is one of the reserved axes: lines that differ in it are fitted apart.</summary>
    private static (string Name, AxisValue Value)[] Setting(AxisLine line) =>
        [.. line.Place.Where(p => !p.Value.IsNumber || Reserved.Contains(p.Name, StringComparer.Ordinal))];

    private static string Text(IEnumerable<(string Name, AxisValue Value)> place) =>
        string.Join('\n', place.Select(p => p.Value.Canonical));

    private IEnumerable<ExponentFit> Fits(string axis, AxisLine[] all)
    {
        var labels = all[0].Cells[0].Cell.Cell.Labels;
        for (var v = 0; v < labels.Count; v++)
        {
            var variant = v;
            var lines = CommonLaunches.Thinned(all, variant);
            var usable = CommonLaunches.Of(lines, variant);
            if (usable.Length == 0)
            {
                continue;
            }

            // The cell's location over the same launches, for the misfit.
            var typical = Points(lines, c => usable.Average(n => c.LogSeconds[variant][n]), all: true);
            yield return new(
                axis,
                labels[variant],
                Setting(lines[0]),
                lines.Min(l => l.Cells[0].X),
                lines.Max(l => l.Cells[^1].X),
                lines.Length,
                lines.Sum(l => l.Cells.Count),
                OverLaunches(all: true),
                Analytic(lines, variant, all: true),
                OverLaunches(all: false),
                Analytic(lines, variant, all: false),
                PowerLaw.Misfit(typical, PowerLaw.Exponent(typical))
            );

            Interval OverLaunches(bool all)
            {
                var each = Array.ConvertAll(
                    usable,
                    n => PowerLaw.Exponent(Points(lines, c => c.LogSeconds[variant][n], all))
                );
                return HodgesLehmann.Estimate(each, rule.Level(each.Length));
            }
        }
    }

    private static double? Analytic(AxisLine[] lines, int variant, bool all) =>
        lines.All(l => l.Cells.All(c => c.Cell.Flops[variant] > 0))
            ? PowerLaw.Exponent(Points(lines, c => Math.Log(c.Flops[variant]), all))
            : null;

    /// <param name="all">False: of each line the two greatest values.</param>
    private static List<(double X, double Y)[]> Points(AxisLine[] lines, Func<ScalingCell, double> log, bool all) =>
        [
            .. lines.Select(l =>
                l.Cells.TakeLast(all ? l.Cells.Count : 2).Select(c => (Math.Log(c.X), log(c.Cell))).ToArray()
            ),
        ];

    private IEnumerable<Crossover> Crossovers(AxisLine line)
    {
        var labels = line.Cells[0].Cell.Cell.Labels;
        for (var one = 1; one < labels.Count; one++)
        {
            for (var other = 0; other < one; other++)
            {
                var places = line.Cells.Select(c => (c.X, Ratio(c.Cell.LogRatios[one][other]))).ToList();
                foreach (var (at, low, high, falls) in CrossingPoint.Find(places))
                {
                    var (faster, slower) = falls ? (labels[one], labels[other]) : (labels[other], labels[one]);
                    yield return new(line.Axis, faster, slower, line.Place, at, low, high);
                }
            }
        }
    }

    private Interval Ratio(double[] logs)
    {
        double[] known = [.. logs.Where(l => !double.IsNaN(l))];
        // Launches alike to the last bit are copies, or a clock too coarse: their spread of zero decides nothing.
        return known.Length == 0 || (known.Length > 1 && Array.TrueForAll(known, l => l == known[0]))
            ? new(0, double.NegativeInfinity, double.PositiveInfinity, known.Length)
            : HodgesLehmann.Estimate(known, rule.Level(known.Length));
    }
}
