using System.Globalization;
using Layerbench.Core.Analysis.Backends;
using Layerbench.Core.Statistics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>The same variants in two backends, as they stand below a run's table.</summary>
internal static class BackendView
{
    /// <summary>More are in results.csv.</summary>
    private const int MostRows = 30;

    public static IEnumerable<IRenderable> Draw(BackendReport report)
    {
        if (report.TooMany)
        {
            yield return new Text(
                $"backends are set against each other in sweeps of at most {Units.Count(BackendAnalysis.MostCells, "cell")}; this one has more"
            );
        }

        if (report.Ratios.Count > 0)
        {
            yield return new Text(
                "backends: time of the same variant at the same point, with 95% intervals over independent launches:"
            );
            yield return Table([.. report.Ratios.Take(MostRows)]);
            if (report.Ratios.Count > MostRows)
            {
                yield return new Text($"… and {Units.Count(report.Ratios.Count - MostRows)} more, see results.csv");
            }

            foreach (var line in Lines(report))
            {
                yield return new Text(line);
            }
        }

        if (report.Alone + report.Unlike > 0)
        {
            yield return new Text(
                $"not paired: {Units.Count(report.Alone, "cell")} measured in one backend alone, {Units.Count(report.Unlike, "variant")} with other sizes, another clock or no time in one of them"
            );
        }
    }

    /// <summary><c>ffn.dense, pytorch ÷ torchsharp over 12 cells: 1.03 at the median, from 0.81 to 1.22</c>, and what the ratios rest on.</summary>
    private static IEnumerable<string> Lines(BackendReport report)
    {
        foreach (var ratios in report.Ratios.GroupBy(r => (r.Label, r.FromBackend, r.ToBackend)))
        {
            double[] values = [.. ratios.Select(r => r.Ratio.Value)];
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{ratios.Key.Label}, {ratios.Key.ToBackend} ÷ {ratios.Key.FromBackend} over {Units.Count(values.Length, "cell")}: {Quantiles.Median(values):0.###} at the median, from {values.Min():0.###} to {values.Max():0.###}"
            );
        }

        foreach (var canaries in report.Canaries)
        {
            yield return $"canaries, {canaries.To} ÷ {canaries.From}, in time: product of matrices {Units.Ratio(canaries.Gemm)}"
                + (double.IsNaN(canaries.Triad.Value) ? "" : $", triad {Units.Ratio(canaries.Triad)}")
                + (
                    canaries.IsSteady
                        ? ": the machine was much the same for both"
                        : ": the machine, or the backends' own libraries, account for so much; on the same libraries it was the machine"
                );
        }

        yield return "not interleaved: each backend runs in processes and at times of its own, so what the machine did between them is in the ratio; "
            + "their environments (fingerprints) differ by nature, so ratios are described and nothing is judged";
    }

    private static Table Table(IReadOnlyList<BackendRatio> ratios)
    {
        var use = new AxisUse();
        foreach (var ratio in ratios)
        {
            use.See(ratio.To.Point);
        }

        var axes = use.Varying.Where(a => a != "backend").ToList();
        var elsewhere = ratios.Any(r => r.From.Device != r.To.Device);
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        string[] headers = [.. axes, "variant", "backends", .. elsewhere ? ["devices"] : (string[])[], "time ratio"];
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(Markup.Escape(header)).NoWrap());
        }

        foreach (var ratio in ratios)
        {
            string[] cells =
            [
                .. axes.Select(a => PointText.Value(a, ratio.To.Point.TryGetValue(a, out var value) ? value : null)),
                ratio.Label,
                $"{ratio.ToBackend} ÷ {ratio.FromBackend}",
                .. elsewhere ? [$"{ratio.To.Device?.Value}, {ratio.From.Device?.Value}"] : (string[])[],
                Units.Ratio(ratio.Ratio),
            ];
            table.AddRow(cells.Select(text => new Text(text)));
        }

        return table;
    }
}
