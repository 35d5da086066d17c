using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>
/// The table of timed cells and variants, and behind it what trained ones have learnt. It is fed cell by cell and keeps
/// only the rows it will show, so that a sweep of any size can be shown.
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

    private QualityFindings? quality;

    private long trainedCells;

    public IReadOnlyDictionary<string, long> Outcomes => outcomes;

    /// <param name="trained">The cell is told of among the others of its group, not in a row of its own.</param>
    public void See(CellResult result, CellFindings findings, bool trained = false)
    {
        Cells++;
        outcomes[result.Outcome.Name] = outcomes.GetValueOrDefault(result.Outcome.Name) + 1;
        if (trained)
        {
            trainedCells++;
            return;
        }

        axes.See(result.Point);
        if (kept.Count < maximumCells)
        {
            kept.Add((result, findings));
        }
    }

    /// <summary>All cells have been seen, and this is what they say.</summary>
    public void Judge(SweepVerdicts sweepVerdicts, AnalysisRule by, QualityFindings? learnt = null) =>
        (verdicts, rule, quality) = (sweepVerdicts, by, learnt);

    /// <summary>The timed cells, where there are any, then the trained ones.</summary>
    public IRenderable Draw()
    {
        var learnt = quality is null ? null : new QualityTable(quality, maximumCells);
        return learnt is null or { IsEmpty: true } ? DrawTimed()
            : Cells == trainedCells ? learnt.Draw()
            : new Rows(DrawTimed(), learnt.Draw());
    }

    /// <summary>One row for each cell and variant: point, variant, time, ratio, peak memory, what it learnt at that point, outcome.</summary>
    private Table DrawTimed()
    {
        var beside = kept.Select(c => Beside(c.Result)).ToList();
        var learnt = beside.SelectMany(b => b.Keys).Distinct(StringComparer.Ordinal).ToList();
        var varying = axes.Varying;
        var notes = kept.Select(c => Notes(c.Findings)).ToList();
        var withNotes = notes.Exists(n => n.Length > 0);
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var axis in varying)
        {
            table.AddColumn(new TableColumn(Markup.Escape(axis)).RightAligned().NoWrap());
        }

        string[] headers = ["variant", "time", "ratio", "verdict", "peak memory", .. learnt, "outcome"];
        foreach (var header in headers.Select(Markup.Escape))
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
            var at = i;
            foreach (var row in Rows(kept[i].Result, kept[i].Findings.Estimate, notes[i]))
            {
                table.AddRow(
                    varying
                        .Select(axis => row.First ? Value(kept[i].Result, axis) : "")
                        .Concat([row.Variant, row.Time, row.Ratio, row.Verdict, row.Memory])
                        .Concat(learnt.Select(column => Learnt(beside[at], column, row.Variant)))
                        .Append(row.Outcome)
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

        if (Cells - trainedCells > kept.Count)
        {
            yield return $"the first {Units.Count(kept.Count)} of {Units.Count(Cells - trainedCells, "cell")} are shown; results.csv has all of them";
        }

        yield return $"{Units.Count(Cells, "cell")}: {string.Join(", ", outcomes.Select(o => $"{Units.Count(o.Value)} {o.Key}"))}";
        // Where everything was trained there are no verdicts to explain.
        var judged = verdicts is null || (trainedCells > 0 && verdicts.Summary.Measured == 0) ? null : verdicts.Summary;
        foreach (var sentence in judged is null ? [] : VerdictText.Lines(judged, rule))
        {
            yield return sentence;
        }

        foreach (
            var sentence in quality is { Groups.Count: > 0 } ? new QualityTable(quality, maximumCells).Lines() : []
        )
        {
            yield return sentence;
        }
    }

    /// <summary>What was learnt at the point of a timed cell, by column.</summary>
    private Dictionary<string, GroupFindings> Beside(CellResult cell) =>
        (Controls.KindOf(cell.Labels) == ControlKind.None ? quality?.Beside(cell) ?? [] : []).ToDictionary(
            g => g.Point["pass"].Canonical is var pass && pass == g.Metric ? pass : $"{pass} {g.Metric}",
            StringComparer.Ordinal
        );

    private static string Learnt(Dictionary<string, GroupFindings> beside, string column, string label) =>
        beside.GetValueOrDefault(column)?.Of(label) is { } variant ? LearntText.Of(variant) : "";

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
