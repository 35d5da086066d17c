using Layerbench.Core.Statistics;

namespace Layerbench.Core.Analysis.Scaling;

/// <summary>The launches in which every cell of some lines has a time.</summary>
internal static class CommonLaunches
{
    /// <summary>Their places, by number.</summary>
    public static int[] Of(IReadOnlyList<AxisLine> lines, int variant) =>
        [
            .. Enumerable
                .Range(0, lines.Min(l => l.Cells.Min(c => c.Cell.LogSeconds[variant].Length)))
                .Where(n => lines.All(l => l.Cells.All(c => !double.IsNaN(c.Cell.LogSeconds[variant][n])))),
        ];

    /// <summary>
    /// Without the cells that have the fewest times, as far as it takes for six launches, the least that give an interval:
    /// one cell of which nearly everything was set aside should not take the others' word. Where that leaves no line, all of them.
    /// </summary>
    public static AxisLine[] Thinned(AxisLine[] lines, int variant)
    {
        var kept = lines;
        while (kept.Length > 0 && Of(kept, variant).Length < Looks.At[0])
        {
            var fewest = kept.Min(l => l.Cells.Min(c => Times(c.Cell, variant)));
            if (kept.All(l => l.Cells.All(c => Times(c.Cell, variant) == fewest)))
            {
                return fewest >= Looks.At[0] ? kept : lines;
            }

            kept =
            [
                .. kept.Select(l => l with { Cells = [.. l.Cells.Where(c => Times(c.Cell, variant) > fewest)] })
                    .Where(l => l.Cells.Count >= AxisLine.LeastValues),
            ];
        }

        return kept.Length == 0 ? lines : kept;
    }

    private static int Times(ScalingCell cell, int variant) => cell.LogSeconds[variant].Count(t => !double.IsNaN(t));
}
