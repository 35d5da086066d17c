using Layerbench.Report.Data;

namespace Layerbench.Report.Pictures;

/// <summary>Figures of a report as pictures, for a README.</summary>
public static class StaticFigure
{
    public const string Usual = "win-map";

    private static readonly Dictionary<string, (Func<ReportData, string, string?> Draw, string Takes)> all = new(
        StringComparer.Ordinal
    )
    {
        [Usual] = (WinMapSvg.Draw, "two variants that were timed"),
        ["forest"] = (ForestSvg.Draw, "two variants that were timed"),
        ["lines"] = (LinesSvg.Draw, "an axis of numbers along which two variants were timed"),
    };

    public static IReadOnlyCollection<string> Names => all.Keys;

    /// <summary>Variants that a picture can be of.</summary>
    public static IReadOnlyList<string> Variants(ReportData data) =>
        [.. PictureRows.Compared(data).Select(r => r.Variant).Distinct(StringComparer.Ordinal)];

    /// <summary>What must be there for it, in words.</summary>
    public static string Takes(string figure) => all[figure].Takes;

    /// <param name="figure">One of <see cref="Names"/>.</param>
    /// <param name="variant">One of <see cref="Variants"/>.</param>
    /// <returns>SVG; null where nothing of it was measured.</returns>
    public static string? Draw(ReportData data, string figure, string variant) => all[figure].Draw(data, variant);
}
