using System.Globalization;
using System.Text;
using Layerbench.Cli.Sweeping;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>What changed from one run to another, as a table or in Markdown.</summary>
internal static class CompareView
{
    public static IRenderable Draw(ComparedRuns compared) =>
        new Rows(
            Tables(compared)
                .Select(t =>
                {
                    var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
                    foreach (var header in t.Headers)
                    {
                        table.AddColumn(new TableColumn(Markup.Escape(header)).NoWrap());
                    }

                    foreach (var row in t.Rows)
                    {
                        table.AddRow(row.Select(text => new Text(text)));
                    }

                    return table;
                })
        );

    public static string Markdown(ComparedRuns compared)
    {
        var text = new StringBuilder();
        foreach (var (headers, rows) in Tables(compared))
        {
            text.Append(text.Length > 0 ? "\n" : "");
            Row(text, headers);
            Row(text, headers.Select(_ => "---"));
            foreach (var row in rows)
            {
                Row(text, row);
            }
        }

        foreach (var line in Lines(compared))
        {
            text.Append('\n').Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Counts, the rule, and what the comparison cannot know.</summary>
    public static IEnumerable<string> Lines(ComparedRuns compared)
    {
        if (compared.TrainedCells > 0)
        {
            yield return $"{Units.Count(compared.TrainedCells, "trained cell")}: what was learnt is described, not judged; {LearntText.Claim}";
        }

        if (compared.Changes.Count == 0)
        {
            yield return "no cell was timed in both runs";
        }
        else if (compared.AcrossEnvironments)
        {
            yield return "the runs' environments differ: ratios are described, nothing is judged";
        }
        else
        {
            var counts = compared.Changes.Aggregate(
                new Core.Analysis.VerdictCounts(),
                (c, x) => c.With(x.Judgement!.Value.Verdict)
            );
            yield return $"B ÷ A, {Units.Count(counts.All, "comparison")}: {counts.Slower} slower, {counts.Faster} faster, {counts.Equivalent} equivalent, {counts.Inconclusive} inconclusive";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"margin ±{100 * compared.Rule.Margin:0.###}%, false discovery rate {100 * compared.Rule.FalseDiscoveryRate:0.###}% (Benjamini–Yekutieli)"
            );
            foreach (var line in Grounds(compared))
            {
                yield return line;
            }
        }

        if (compared.OnlyBefore + compared.OnlyAfter > 0)
        {
            yield return $"not compared: {Units.Count(compared.OnlyBefore, "cell")} of A alone, {Units.Count(compared.OnlyAfter, "cell")} of B alone";
        }
    }

    /// <summary>What the ratios rest on: two runs with the machine's drift between them, or launches taken in turn.</summary>
    private static IEnumerable<string> Grounds(ComparedRuns compared)
    {
        if (compared.Drift is { } drift)
        {
            yield return double.IsInfinity(drift.Most)
                ? "drift: the runs have too few canaries to bound what the machine did between them, so no difference is claimed; --rerun-inconclusive measures in turn"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"drift: between the runs the machine itself moved by {Percent(drift.Seen)}, by the canaries of what limits these variants, at most {Percent(drift.Most)}; intervals are wider by the first, and a difference is one beyond the second"
                );
        }

        if (compared.Changes.Where(c => c.Pairs > 0).DistinctBy(c => c.Cell.Id).ToList() is { Count: > 0 } paired)
        {
            yield return $"measured in turn: {Units.Count(paired.Count, "cell")}, {paired.Min(c => c.Pairs)} to {paired.Max(c => c.Pairs)} pairs of launches; drift is in both sides alike";
        }

        if (compared.Drift is { Most: < double.PositiveInfinity } && compared.Inconclusive.Count > 0)
        {
            yield return $"inconclusive: {Units.Count(compared.Inconclusive.Count, "cell")}; --rerun-inconclusive measures them again, both runs' launches in turn";
        }
    }

    private static string Percent(double log) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * (Math.Exp(log) - 1):0.#}%");

    /// <summary>The timed variants, where there are any, then the trained ones.</summary>
    private static IEnumerable<(IReadOnlyList<string> Headers, IEnumerable<IEnumerable<string>> Rows)> Tables(
        ComparedRuns compared
    )
    {
        if (compared.Changes.Count > 0)
        {
            var axes = Axes(compared);
            yield return ([.. axes, "variant", "time B ÷ A", "verdict"], compared.Changes.Select(c => Cells(axes, c)));
        }

        if (compared.Learnt.Count > 0)
        {
            var learnt = new ComparedLearntView(compared.Learnt);
            yield return ([.. learnt.Headers], learnt.Rows);
        }
    }

    private static IReadOnlyList<string> Axes(ComparedRuns compared)
    {
        var use = new AxisUse();
        foreach (var change in compared.Changes)
        {
            use.See(change.Cell.Point);
        }

        return use.Varying;
    }

    private static IEnumerable<string> Cells(IReadOnlyList<string> axes, Change change) =>
        [
            .. axes.Select(a => PointText.Value(a, change.Cell.Point.TryGetValue(a, out var value) ? value : null)),
            change.Label,
            double.IsNaN(change.Ratio.Value) ? "–" : Units.Ratio(change.Ratio),
            VerdictText.Of(change.Judgement),
        ];

    private static void Row(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ")
            .AppendJoin(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))
            .Append(" |\n");
}
