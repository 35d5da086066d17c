using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Report.Data;

/// <summary>
/// The launches of a report's cells, with as much of their samples as keeps the page small: all of them, else quartiles,
/// else medians, for all cells alike.
/// </summary>
internal sealed class KeptLaunches
{
    /// <summary>Numbers that a page carries for samples; at 6 bytes each 600 kB, and for quartiles as much.</summary>
    public const int MostNumbers = 100_000;

    private const int NumbersOfQuartiles = 5;

    private readonly List<LaunchDigest[]> cells = [];
    private long samples;
    private long series;

    public SampleDetail Detail { get; private set; }

    /// <summary>A cell's time launches; none where they are no evidence of such a cell.</summary>
    public static LaunchDigest[] Digests(CellResult cell, IReadOnlyList<LaunchRecord> launches, AnalysisRule rule)
    {
        try
        {
            var baseline = cell.Labels.ToList().IndexOf(cell.Baseline);
            return
            [
                .. launches
                    .Where(l => l.Kind == LaunchKind.Time)
                    .OrderBy(l => l.Number)
                    .Select(l => LaunchDigest.Of(l, cell.Labels.Count, baseline, rule.Exclusions)),
            ];
        }
        catch (BadEvidenceException)
        {
            return []; // The cell's findings say what is wrong with it, and its row shows that.
        }
    }

    /// <summary>Keeps the launches of the next cell.</summary>
    public void Add(LaunchDigest[] digests)
    {
        samples += digests.Sum(d => d.Seconds.Sum(s => (long)s.Length));
        series += digests.Sum(d => d.Seconds.Count);
        cells.Add(Array.ConvertAll(digests, d => d.At(Detail)));
        var detail =
            samples <= MostNumbers ? SampleDetail.Samples
            : series * NumbersOfQuartiles <= MostNumbers ? SampleDetail.Quartiles
            : SampleDetail.Medians;
        // Only ever to less: quartiles cannot be made from medians.
        if (detail > Detail)
        {
            Detail = detail;
            for (var i = 0; i < cells.Count; i++)
            {
                cells[i] = Array.ConvertAll(cells[i], d => d.At(detail));
            }
        }
    }

    /// <summary>By the order in which they were added.</summary>
    public IReadOnlyList<LaunchDigest> this[int cell] => cells[cell];
}
