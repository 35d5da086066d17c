using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Analysis.Scaling;

namespace Layerbench.Report.Words;

/// <summary>Exponents and crossovers in words.</summary>
public static class ScalingText
{
    /// <summary><c>mix.gconv_fft passes mix.gconv_direct at seq_len 121 [96, 170], at d_model=64</c>.</summary>
    public static string Line(Crossover c) =>
        $"{c.Faster} passes {c.Slower} at {c.Axis} {Number(c.At)} [{Number(c.Low)}, {Number(c.High)}]"
        + (c.Place.Count == 0 ? "" : $", at {Place(c.Place)}");

    /// <summary>Three digits; large numbers whole.</summary>
    public static string Number(double value) =>
        value.ToString("G3", CultureInfo.InvariantCulture) is var text && text.Contains('E', StringComparison.Ordinal)
            ? Math.Round(value).ToString("0", CultureInfo.InvariantCulture)
            : text;

    public static string Place(IEnumerable<(string Name, AxisValue Value)> place) =>
        string.Join(' ', place.Select(p => $"{p.Name}={PointText.Value(p.Name, p.Value)}"));
}
