using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Quality;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>What each variant learnt: one row for each group of trainings and variant, at the variant's best learning rate.</summary>
/// <param name="maximumGroups">Groups shown; the rest are counted.</param>
internal sealed class QualityTable(QualityFindings findings, int maximumGroups)
{
    private static readonly string[] Headers =
    [
        "variant",
        "learnt",
        "learning rate",
        "trials",
        "steps to solve",
        "training",
        "note",
    ];

    private readonly IReadOnlyList<GroupFindings> shown = [.. findings.Groups.Take(maximumGroups)];

    public bool IsEmpty => findings.Groups.Count == 0;

    public IRenderable Draw()
    {
        var axes = Axes();
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var axis in axes.Varying)
        {
            table.AddColumn(new TableColumn(Markup.Escape(axis)).RightAligned().NoWrap());
        }

        foreach (var header in Headers)
        {
            table.AddColumn(new TableColumn(header).NoWrap());
        }

        table.Columns[^1].NoWrap = false;
        foreach (var group in shown)
        {
            for (var i = 0; i < group.Variants.Count; i++)
            {
                var first = i == 0;
                table.AddRow(
                    axes.Varying.Select(axis => first ? Value(group, axis) : "")
                        .Concat(Row(group, group.Variants[i]))
                        .Select(text => new Text(text))
                );
            }
        }

        return table;
    }

    public IEnumerable<string> Lines()
    {
        if (Axes().Fixed is { Length: > 0 } common)
        {
            yield return $"all trainings: {common}";
        }

        if (findings.Groups.Count > shown.Count)
        {
            yield return $"the first {Units.Count(shown.Count)} of {Units.Count(findings.Groups.Count, "group")} are shown; results.csv has all of them";
        }

        yield return LearntText.Claim;
    }

    private static IEnumerable<string> Row(GroupFindings group, VariantFindings variant)
    {
        var best = variant.Best;
        yield return variant.Label;
        yield return best is null ? "–" : $"{group.Metric} {LearntText.Of(variant)}";
        yield return best?.LearningRate?.Canonical ?? "–";
        yield return Units.Count(best?.Trials ?? variant.Rates.Sum(r => r.Trials));
        yield return best?.StepsToSolve is { } steps ? Units.Count((long)Math.Round(steps)) : "–";
        yield return best is null ? "–" : Units.Seconds(best.Seconds);
        yield return string.Join("; ", Notes(group, variant));
    }

    private static IEnumerable<string> Notes(GroupFindings group, VariantFindings variant)
    {
        if (group.Guess is { } guess && variant.Best is not null)
        {
            yield return $"guessing: {TrainingText.Value(guess)}";
        }

        var rates = variant.Rates;
        var of = rates.Sum(r => r.Trials);
        if (rates.Sum(r => r.Diverged) is > 0 and var diverged)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{diverged} of {of} trainings diverged");
        }

        if (rates.Sum(r => r.Pruned) is > 0 and var pruned)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{pruned} of {of} trainings pruned");
        }

        if (rates.Count > 1 && variant.Best is { } best && (best == rates[0] || best == rates[^1]))
        {
            yield return $"the best learning rate is the {(best == rates[0] ? "least" : "greatest")} that was tried";
        }
    }

    private AxisUse Axes()
    {
        var axes = new AxisUse();
        foreach (var group in findings.Groups)
        {
            axes.See(group.Point);
        }

        return axes;
    }

    private static string Value(GroupFindings group, string axis) =>
        PointText.Value(axis, group.Point.TryGetValue(axis, out var value) ? value : (AxisValue?)null);
}
