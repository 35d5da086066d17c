using System.Globalization;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>One cell, launch by launch: where its numbers come from.</summary>
internal static class CellView
{
    public static IRenderable Draw(
        CellResult cell,
        IReadOnlyList<LaunchRecord> launches,
        IReadOnlyList<Incident> incidents
    )
    {
        List<IRenderable> rows =
        [
            new Text($"cell {cell.Id}, {CellText.Outcome(cell.Outcome)}"),
            new Text($"  {PointText.Of(cell.Point.Keys, cell.Point)}"),
        ];
        foreach (var fact in launches.SelectMany(l => l.Variants).DistinctBy(f => f.Label))
        {
            rows.Add(new Text($"  {fact.Label}: {Facts(fact)}"));
        }

        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var header in (string[])["launch", "device", "started", "place", "start", "warm-up"])
        {
            table.AddColumn(new TableColumn(header).NoWrap());
        }

        foreach (var label in cell.Labels)
        {
            table.AddColumn(new TableColumn(Markup.Escape(label)).RightAligned().NoWrap());
        }

        table.AddColumn(new TableColumn("kept").RightAligned().NoWrap());
        foreach (var launch in launches)
        {
            table.AddRow(Row(cell, launch).Select(text => new Text(text)));
        }

        if (launches.Count > 0)
        {
            rows.Add(table);
        }

        rows.AddRange(incidents.Select(i => new Text($"incident {RunPicture.IncidentLine(i)}")));
        return new Rows(rows);
    }

    private static IEnumerable<string> Row(CellResult cell, LaunchRecord launch)
    {
        var culture = CultureInfo.InvariantCulture;
        yield return string.Create(culture, $"{Kind(launch.Kind)}{launch.Number + 1}");
        yield return launch.Device.Value;
        yield return launch.StartedAt.ToString("yyyy-MM-dd HH:mm:ss", culture);
        yield return string.Create(culture, $"{launch.Position + 1}");
        yield return Units.Seconds(launch.ProcessStart.TotalSeconds);
        yield return launch.Kind != LaunchKind.Time ? "–"
        : launch.Steady ? Units.Seconds(launch.Phases.WarmUp.TotalSeconds)
        : $"{Units.Seconds(launch.Phases.WarmUp.TotalSeconds)}, not steady";
        for (var variant = 0; variant < cell.Labels.Count; variant++)
        {
            yield return launch.Kind switch
            {
                LaunchKind.Memory => Peak(launch, variant),
                LaunchKind.Quality => Learnt(launch, variant),
                _ => Median(launch, variant),
            };
        }

        yield return launch.Samples.Count == 0
            ? "–"
            : string.Create(culture, $"{launch.Samples.Count(s => s.Accepted)}/{launch.Samples.Count}");
    }

    private static string Median(LaunchRecord launch, int variant)
    {
        double[] seconds = [.. launch.Samples.Where(s => s.Variant == variant && s.Accepted).Select(s => s.Seconds)];
        return seconds.Length == 0 ? "–" : Units.Seconds(Quantiles.Median(seconds));
    }

    private static string Kind(LaunchKind kind) =>
        kind switch
        {
            LaunchKind.Memory => "memory ",
            LaunchKind.Quality => "training ",
            _ => "",
        };

    private static string Learnt(LaunchRecord launch, int variant) =>
        launch.Trainings.FirstOrDefault(t => t.Variant == variant) is { } training ? TrainingText.Of(training) : "–";

    private static string Peak(LaunchRecord launch, int variant)
    {
        var peaks = launch.Memory.Where(m => m.Variant == variant).ToList();
        return peaks.Count == 0 ? "–" : Units.Bytes(peaks[0].PeakBytes);
    }

    private static string Facts(VariantFacts fact)
    {
        var error = fact.ForwardError is { } forward
            ? string.Create(CultureInfo.InvariantCulture, $", relative error {forward:0.0e+0}")
            : "";
        var gradient = fact.GradientError is { } g
            ? string.Create(CultureInfo.InvariantCulture, $", of gradients {g:0.0e+0}")
            : "";
        return $"{Units.Count(fact.ParameterCount, "parameter")}{error}{gradient}";
    }
}
