using System.Globalization;
using System.Numerics;

namespace Layerbench.Core.Sweeps;

/// <summary>Reads the scalars of a sweep file: values, counts, shares, durations. Problems are returned as text.</summary>
internal static class SpecText
{
    private const int Longest = 60;

    public static string Join(string path, string key) => path.Length == 0 ? Clip(key) : $"{path}.{Clip(key)}";

    public static string Clip(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : line[..(Longest - 1)] + "…";
    }

    /// <summary>How a message names a node.</summary>
    public static string Describe(SpecNode node) =>
        node switch
        {
            SpecNode.Scalar { Quoted: false, Text: "" } => "nothing",
            SpecNode.Scalar s => $"'{Clip(s.Text)}'",
            SpecNode.Sequence => "a list",
            SpecNode.Mapping => "a mapping",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>Whether a plain scalar stands for no value, as in YAML.</summary>
    public static bool IsNull(SpecNode node) =>
        node is SpecNode.Scalar { Quoted: false, Text: "" or "~" or "null" or "Null" or "NULL" };

    /// <summary>One value: a number, true or false, or else a text. A quoted scalar is a text.</summary>
    public static AxisValue? Value(SpecNode node, out string problem)
    {
        problem = "";
        if (node is not SpecNode.Scalar scalar)
        {
            problem = $"{Describe(node)} is no single value; give a number, a text, true or false";
            return null;
        }

        if (IsNull(node))
        {
            problem = "has no value; give one";
            return null;
        }

        if (scalar.Text.Length > 100 || scalar.Text.Any(char.IsControl))
        {
            problem = $"{Describe(node)} is no value; a text has at most 100 characters, all printable";
            return null;
        }

        if (scalar.Quoted)
        {
            return AxisValue.Of(scalar.Text);
        }

        if (scalar.Text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
        {
            return AxisValue.Of(scalar.Text[0] is 't' or 'T');
        }

        return IsNumeric(scalar.Text) ? Number(scalar, out problem) : AxisValue.Of(scalar.Text);
    }

    /// <summary>Whether the text is written as a number, in range or not, NaN and infinities included.</summary>
    private static bool IsNumeric(string text)
    {
        var bare = text.TrimStart('-', '+');
        return bare.ToLowerInvariant() is "nan" or ".nan" or "inf" or ".inf" or "infinity"
            || (
                bare.Length > 0
                && (char.IsAsciiDigit(bare[0]) || bare[0] == '.')
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            );
    }

    private static AxisValue? Number(SpecNode.Scalar scalar, out string problem)
    {
        problem = "";
        if (long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return AxisValue.Of(integer);
        }

        if (
            double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && double.IsFinite(real)
        )
        {
            return AxisValue.Of(real);
        }

        problem = $"'{Clip(scalar.Text)}' is not a finite number; give one";
        return null;
    }

    /// <summary>An integer from least to most.</summary>
    public static long? Integer(SpecNode node, long least, long most, out string problem)
    {
        problem = $"{Describe(node)} is not an integer from {least} to {most}; give one";
        if (node is SpecNode.Scalar { Quoted: false } scalar && Value(scalar, out _) is { IsInteger: true } value)
        {
            return value.Integer >= least && value.Integer <= most ? value.Integer : null;
        }

        return null;
    }

    /// <summary>An exact decimal number, so that a range's steps do not gather rounding errors.</summary>
    public static decimal? Decimal(SpecNode node, out string problem)
    {
        problem = $"{Describe(node)} is not a number (at most 15 digits before and after the point); give one";
        return
            node is SpecNode.Scalar { Quoted: false } scalar
            && decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) < 1e15m
            ? number
            : null;
    }

    /// <summary><c>2%</c> or <c>0.02</c>, as a ratio.</summary>
    public static double? Share(SpecNode node, double least, double most, out string problem)
    {
        problem = $"{Describe(node)} is not a share from {Percent(least)} to {Percent(most)}; write it like 2% or 0.02";
        if (node is not SpecNode.Scalar scalar)
        {
            return null;
        }

        var percent = scalar.Text.EndsWith('%');
        var text = percent ? scalar.Text[..^1].TrimEnd() : scalar.Text;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var share = (double)(percent ? number / 100 : number);
        return share >= least && share <= most ? share : null;
    }

    private static string Percent(double share) => (share * 100).ToString("0.####", CultureInfo.InvariantCulture) + "%";

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("µs", TimeSpan.TicksPerMicrosecond),
        ("us", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>A number with a unit: <c>us</c>, <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c>.</summary>
    public static TimeSpan? Duration(SpecNode node, TimeSpan least, TimeSpan most, out string problem)
    {
        problem =
            $"{Describe(node)} is not a time from {Show(least)} to {Show(most)}; write it like 500us, 1ms, 2s, 10m or 1h";
        if (node is not SpecNode.Scalar scalar)
        {
            return null;
        }

        var unitAt = scalar.Text.TrimEnd().AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        var unit = scalar.Text[unitAt..].Trim();
        var ticks = Units.FirstOrDefault(u => string.Equals(u.Unit, unit, StringComparison.Ordinal)).Ticks;
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        if (
            ticks == 0
            || !decimal.TryParse(scalar.Text[..unitAt], style, CultureInfo.InvariantCulture, out var number)
            || number > 1_000_000_000m
        )
        {
            return null;
        }

        var exact = number * ticks;
        return exact >= least.Ticks && exact <= most.Ticks ? TimeSpan.FromTicks((long)exact) : null;
    }

    public static string Show(TimeSpan time)
    {
        foreach (var (unit, ticks) in Units.Reverse())
        {
            if (time.Ticks >= ticks && time.Ticks % ticks == 0)
            {
                return (time.Ticks / ticks).ToString(CultureInfo.InvariantCulture) + unit;
            }
        }

        return time.Ticks == 0 ? "0s" : $"{time.TotalSeconds.ToString("R", CultureInfo.InvariantCulture)}s";
    }

    /// <summary>Digits in groups of three: <c>1,000,000</c>.</summary>
    public static string Show(BigInteger count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
