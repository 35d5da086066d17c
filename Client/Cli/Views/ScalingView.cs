using System.Globalization;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Statistics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>Exponents and crossovers, as they stand below a run's table.</summary>
internal static class ScalingView
{
    /// <summary>More are in scaling.json.</summary>
    private const int MostRows = 30;

    public static IEnumerable<IRenderable> Draw(ScalingReport report)
    {
        if (report.TooMany)
        {
            yield return new Text(
                $"exponents and crossovers are fitted to at most {Units.Count(ScalingAnalysis.MostCells, "cell")}; this sweep has more"
            );
        }

        if (report.Exponents.Count > 0)
        {
            yield return new Text(
                "time ~ axis^exponent, fitted to logs in each launch, with 95% intervals over launches:"
            );
            yield return Table([.. report.Exponents.Take(MostRows)]);
            if (More(report.Exponents.Count) is { } more)
            {
                yield return more;
            }
        }

        foreach (var crossover in report.Crossovers.Take(MostRows))
        {
            yield return new Text(ScalingText.Line(crossover));
        }

        if (More(report.Crossovers.Count) is { } left)
        {
            yield return left;
        }
    }

    private static Table Table(IReadOnlyList<ExponentFit> fits)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        var setting = fits.Any(f => f.Setting.Count > 0);
        string[] headers =
        [
            "axis",
            .. setting ? ["at"] : (string[])[],
            "variant",
            "from – to",
            "exponent",
            "of FLOPs",
            "at the top",
            "of FLOPs",
            "farthest off",
        ];
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(header).NoWrap());
        }

        foreach (var fit in fits)
        {
            string[] cells =
            [
                fit.Axis,
                .. setting ? [ScalingText.Place(fit.Setting)] : (string[])[],
                fit.Label,
                $"{ScalingText.Number(fit.From)} – {ScalingText.Number(fit.To)}",
                Exponent(fit.Exponent),
                Exponent(fit.Analytic),
                Exponent(fit.Top),
                Exponent(fit.AnalyticTop),
                string.Create(CultureInfo.InvariantCulture, $"{100 * fit.Misfit:0}%"),
            ];
            table.AddRow(cells.Select(text => new Text(text)));
        }

        return table;
    }

    private static Text? More(int count) =>
        count > MostRows ? new Text($"… and {Units.Count(count - MostRows)} more, see scaling.json") : null;

    private static string Exponent(Interval e) =>
        double.IsFinite(e.Low) && double.IsFinite(e.High)
            ? $"{Exponent(e.Value)} [{Exponent(e.Low)}, {Exponent(e.High)}]"
            : Exponent(e.Value);

    private static string Exponent(double? e) =>
        e is { } value && double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : "–";
}
