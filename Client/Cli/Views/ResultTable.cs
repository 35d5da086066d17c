using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>
/// The table of cells and variants. It is fed cell by cell and keeps only the rows it will show, so that a sweep of
/// any size can be shown.
/// </summary>
/// <param name="maximumCells">Cells shown; the rest are counted.</param>
internal sealed class ResultTable(int maximumCells)
{
    private readonly List<(CellResult Result, CellFindings Findings)> kept = [];
    private readonly AxisUse axes = new();
    private readonly SortedDictionary<string, long> outcomes = new(StringComparer.Ordinal);

    /// <summary>Cells seen.</summary>
    public long Cells { get; private set; }

    /// <summary>Null until <see cref="Judge"/>.</summary>
    private SweepVerdicts? verdicts;

    private AnalysisRule rule = new();

    public IReadOnlyDictionary<string, long> Outcomes => outcomes;

    public void See(CellResult result, CellFindings findings)
    {
        Cells++;
        outcomes[result.Outcome.Name] = outcomes.GetValueOrDefault(result.Outcome.Name) + 1;
        axes.See(result.Point);
        if (kept.Count < maximumCells)
        {
            kept.Add((result, findings));
        }
    }

    /// <summary>All cells have been seen, and this is what they say.</summary>
    public void Judge(SweepVerdicts sweepVerdicts, AnalysisRule by) => (verdicts, rule) = (sweepVerdicts, by);

    /// <summary>One row for each cell and variant: point, variant, time, ratio, peak memory, outcome.</summary>
    public IRenderable Draw()
    {
        var varying = axes.Varying;
        var notes = kept.Select(c => Notes(c.Findings)).ToList();
        var withNotes = notes.Exists(n => n.Length > 0);
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var axis in varying)
        {
            table.AddColumn(new TableColumn(Markup.Escape(axis)).RightAligned().NoWrap());
        }

        foreach (var header in (string[])["variant", "time", "ratio", "verdict", "peak memory", "outcome"])
        {
            table.AddColumn(new TableColumn(header).NoWrap());
        }

        table.Columns[^1].NoWrap = false;
        if (withNotes)
        {
            table.AddColumn("note");
        }

        for (var i = 0; i < kept.Count; i++)
        {
            foreach (var row in Rows(kept[i].Result, kept[i].Findings.Estimate, notes[i]))
            {
                table.AddRow(
                    varying
                        .Select(axis => row.First ? Value(kept[i].Result, axis) : "")
                        .Concat([row.Variant, row.Time, row.Ratio, row.Verdict, row.Memory, row.Outcome])
                        .Concat(withNotes ? [row.Note] : [])
                        .Select(text => new Text(text))
                );
            }
        }

        return table;
    }

    /// <summary>What all cells share, what is not shown, how cells ended, where the intervals lie.</summary>
    public IEnumerable<string> Lines()
    {
        if (axes.Fixed.Length > 0)
        {
            yield return $"all cells: {axes.Fixed}";
        }

        if (Cells > kept.Count)
        {
            yield return $"the first {Units.Count(kept.Count)} of {Units.Count(Cells, "cell")} are shown; results.csv has all of them";
        }

        yield return $"{Units.Count(Cells, "cell")}: {string.Join(", ", outcomes.Select(o => $"{Units.Count(o.Value)} {o.Key}"))}";
        foreach (var sentence in verdicts is null ? [] : VerdictText.Lines(verdicts.Summary, rule))
        {
            yield return sentence;
        }
    }

    private IEnumerable<Row> Rows(CellResult result, CellEstimate? estimate, string note)
    {
        var outcome = result.Outcome.Name;
        note = string.Join("; ", new[] { result.Outcome.Explanation, note }.Where(n => !string.IsNullOrEmpty(n)));
        if (estimate is null || estimate.Variants.Count == 0)
        {
            yield return new Row(true, string.Join(", ", result.Labels), "–", "–", "–", "–", outcome, note);
            yield break;
        }

        for (var i = 0; i < estimate.Variants.Count; i++)
        {
            var variant = estimate.Variants[i];
            yield return new Row(
                i == 0,
                variant.Label,
                Units.Seconds(variant.Seconds),
                variant.Ratio is { } ratio ? Units.Ratio(ratio) : "baseline",
                VerdictText.Of(verdicts?.Of(result, variant.Label)),
                variant.PeakBytes is { } peak ? Units.Bytes(peak) : "–",
                i == 0 ? outcome : "",
                i == 0 ? note : ""
            );
        }
    }

    private static string Notes(CellFindings findings) =>
        string.Join(
            "; ",
            (findings.Problem is null ? (string[])[] : [findings.Problem]).Concat(
                findings.Estimate is null ? [] : CellText.Notes(findings.Estimate)
            )
        );

    private static string Value(CellResult result, string axis) =>
        PointText.Value(axis, result.Point.TryGetValue(axis, out var value) ? value : null);

    private sealed record Row(
        bool First,
        string Variant,
        string Time,
        string Ratio,
        string Verdict,
        string Memory,
        string Outcome,
        string Note
    );
}
