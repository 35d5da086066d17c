using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Quality;
using Layerbench.Report.Data;
using Layerbench.Report.Words;

namespace Layerbench.Web.Live;

/// <summary>
/// What a sweep's cells say at one moment, judged against each other: nothing of it changes, so any number of requests
/// can be answered from it at once.
/// </summary>
internal sealed class SweepPicture
{
    /// <summary>Of a cell that lacks the axis.</summary>
    public const int NoValue = -1;

    /// <summary>Before anything has ended.</summary>
    public static SweepPicture Empty { get; } = new([], Conditions.Unknown, new AnalysisRule(), []);

    private readonly int[] codes;

    /// <param name="cells">By plan index.</param>
    /// <param name="listed">Axes to which the sweep gives values.</param>
    public SweepPicture(
        IReadOnlyList<BookCell> cells,
        Conditions conditions,
        AnalysisRule rule,
        IReadOnlyList<string> listed
    )
    {
        Cells = cells;
        var analysis = new SweepAnalysis(rule);
        var axes = new SeenAxes(listed);
        var tally = new AnswerTally();
        var trust = new TrustTally(rule.Verdict);
        var quality = new QualityAnalysis();
        var labels = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var cell in cells)
        {
            analysis.See(cell.Result, cell.Findings);
            axes.See(cell.Result.Point, cell.Findings.Control == ControlKind.None);
            tally.See(cell.Result, cell.Findings);
            trust.See(cell.Result, cell.Work);
            quality.See(cell.Result, cell.Learnt);
            foreach (var comparison in cell.Findings.Control == ControlKind.None ? cell.Findings.Comparisons : [])
            {
                labels[comparison.Label] = true;
            }
        }

        Verdicts = analysis.Conclude();
        Axes = axes.All;
        Compared = [.. labels.Keys];
        var learnt = quality.Conclude();
        Trust = trust.Judge(Verdicts.Summary, tally.Noise, conditions, trained: learnt.Groups.Count > 0);
        Answers =
            cells.Count == 0
                ? []
                : AnswerText.Sentences(
                    tally.Judge((index, label) => Verdicts.Of(index, label)?.Verdict),
                    Verdicts.Summary,
                    new ScalingReport([], []),
                    learnt,
                    [.. Axes.Where(a => a.Varies).Select(a => a.Name)]
                );
        codes = Codes();
    }

    public IReadOnlyList<BookCell> Cells { get; }
    public SweepVerdicts Verdicts { get; }
    public IReadOnlyList<ReportAxis> Axes { get; }

    /// <summary>Labels that are held against a baseline, in the order in which they were seen.</summary>
    public IReadOnlyList<string> Compared { get; }

    /// <summary>The answer so far, in sentences; empty before the first cell.</summary>
    public IReadOnlyList<string> Answers { get; }

    /// <summary>How far to trust it, in the report's words; before the first cell what is known of the environment.</summary>
    public IReadOnlyList<TrustItem> Trust { get; }

    /// <summary>Orders of rows that were asked for, so that the next page of one costs nothing.</summary>
    public RowOrders Orders { get; } = new();

    /// <summary>The place of the axis among <see cref="Axes"/>; -1: no cell has it.</summary>
    public int AxisAt(string name)
    {
        for (var at = 0; at < Axes.Count; at++)
        {
            if (string.Equals(Axes[at].Name, name, StringComparison.Ordinal))
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The place of the cell's value among the axis' values, or <see cref="NoValue"/>.</summary>
    public int CodeOf(int cell, int axis) => codes[(cell * Axes.Count) + axis];

    private int[] Codes()
    {
        var places = Axes.Select(a => a.Values.Index().ToDictionary(v => v.Item, v => v.Index)).ToList();
        var all = new int[Cells.Count * Axes.Count];
        for (var cell = 0; cell < Cells.Count; cell++)
        {
            for (var axis = 0; axis < Axes.Count; axis++)
            {
                all[(cell * Axes.Count) + axis] = Cells[cell].Result.Point.TryGetValue(Axes[axis].Name, out var value)
                    ? places[axis][value]
                    : NoValue;
            }
        }

        return all;
    }
}
