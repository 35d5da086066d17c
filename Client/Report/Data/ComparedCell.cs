using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Output;
using Layerbench.Report.Words;

namespace Layerbench.Report.Data;

/// <summary>One variant of one cell that two runs have.</summary>
/// <param name="Ratio">Its time in B ÷ its time in A.</param>
/// <param name="Judgement">Null where nothing may be judged.</param>
public sealed record ComparedCell(CellResult Cell, string Label, Interval Ratio, Judgement? Judgement);

/// <summary>What stands around a comparison's cells.</summary>
/// <param name="Sweep">Both sweeps' ids.</param>
/// <param name="Spec">Of B, for the axes that it gives values.</param>
/// <param name="Grounds">What the comparison rests on, in sentences.</param>
/// <param name="Command">What to type for the same again.</param>
public sealed record ComparisonFrame(
    string Title,
    string Sweep,
    string Spec,
    VerdictRule Rule,
    IReadOnlyList<string> Grounds,
    string Command,
    string ProductVersion,
    DateTimeOffset CreatedAt
)
{
    /// <summary>Those of both runs.</summary>
    public IReadOnlyList<ReportEnvironment> Environments { get; init; } = [];

    /// <summary>Those of both runs.</summary>
    public IReadOnlyList<ReportSpec> Specs { get; init; } = [];

    /// <summary>Null where the runs trained no cell alike.</summary>
    public ReportTable? Learnt { get; init; }
}

/// <summary>Two runs as one report: a cell's ratios are B ÷ A, and its verdicts say what became slower.</summary>
public static class ComparisonReport
{
    /// <param name="changes">By place in the plan, then in the order of the cell's variants.</param>
    public static ReportData Of(IReadOnlyList<ComparedCell> changes, ComparisonFrame frame)
    {
        var axes = new SeenAxes(SweepFiles.SweepFile.ListedAxesOf(frame.Spec));
        var tally = new AnswerTally();
        foreach (var change in changes)
        {
            axes.See(change.Cell.Point, counts: true);
            tally.See(change.Cell.Index, change.Label, "A", change.Ratio);
        }

        var judged = changes.ToDictionary(c => (c.Cell.Index, c.Label), c => c.Judgement?.Verdict);
        var tallies = tally.Judge((index, label) => judged[(index, label)]);
        var cells = changes.GroupBy(c => c.Cell.Id).ToList();
        return new ReportData
        {
            Title = frame.Title,
            Sweep = frame.Sweep,
            IsComparison = true,
            Answers =
                tallies.Count > 0 ? [.. tallies.Select(AnswerText.OfRuns)]
                : changes.Count > 0 ? ["Ratios are described, and nothing is judged."]
                : ["No cell was timed in both runs."],
            Trust =
            [
                .. frame.Grounds.Select(text =>
                    text.Split(": ", 2) is [var name, var rest] && name.Length <= 20
                        ? new TrustItem(name, TrustText.Sentence(rest), Concern: false)
                        : new TrustItem("comparison", TrustText.Sentence(text), Concern: false)
                ),
                .. EnvironmentText.Concerns([.. frame.Environments.Select(e => e.Fingerprint)]),
            ],
            Environments = frame.Environments,
            Specs = frame.Specs,
            Learnt = frame.Learnt,
            Axes = axes.All,
            Labels = [.. changes.Select(c => c.Label).Distinct(StringComparer.Ordinal)],
            Cells = [.. cells.Take(ReportReader.MostCells).Select(group => new ReportCell([.. group.Select(Row)], []))],
            CellCount = cells.Count,
            Rule = frame.Rule,
            Command = frame.Command,
            ProductVersion = frame.ProductVersion,
            CreatedAt = frame.CreatedAt,
        };
    }

    private static ResultRow Row(ComparedCell change)
    {
        var (value, low, high, launches) = change.Ratio;
        return new ResultRow
        {
            Cell = change.Cell.Id,
            Index = change.Cell.Index,
            Outcome = change.Cell.Outcome,
            Quality = ResultQuality.Measured,
            Device = change.Cell.Device,
            Point = change.Cell.Point,
            Variant = change.Label,
            Baseline = "A",
            Ratio = double.IsFinite(value) ? value : null,
            RatioLow = Units.IsBounded(change.Ratio) ? low : null,
            RatioHigh = Units.IsBounded(change.Ratio) ? high : null,
            Verdict = change.Judgement?.Verdict,
            AdjustedP = change.Judgement?.Adjusted is { } p && double.IsFinite(p) ? p : null,
            Launches = launches,
            MemoryLaunches = 0,
            FinishedAt = change.Cell.FinishedAt,
        };
    }
}
