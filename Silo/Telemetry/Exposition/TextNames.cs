using System.Text;

namespace Layerbench.Telemetry.Exposition;

/// <summary>From an instrument's name and unit to a metric's name, as OpenTelemetry's specification maps them.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/</remarks>
internal static class TextNames
{
    private static readonly Dictionary<string, string> units = new(StringComparer.Ordinal)
    {
        ["d"] = "days",
        ["h"] = "hours",
        ["min"] = "minutes",
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["GiBy"] = "gibibytes",
        ["KBy"] = "kilobytes",
        ["MBy"] = "megabytes",
        ["GBy"] = "gigabytes",
        ["Hz"] = "hertz",
        ["W"] = "watts",
        ["J"] = "joules",
        ["Cel"] = "celsius",
        ["%"] = "percent",
    };

    private static readonly Dictionary<string, string> perUnits = new(StringComparer.Ordinal)
    {
        ["s"] = "second",
        ["m"] = "minute",
        ["h"] = "hour",
        ["d"] = "day",
    };

    public static string Of(string name, string unit, TextKind kind)
    {
        var made = Plain(name);
        if (UnitOf(unit) is { Length: > 0 } suffix && !EndsWith(made, suffix, kind))
        {
            made = kind == TextKind.Counter && EndsWith(made, "total") ? made[..^"_total".Length] : made;
            made = $"{made}_{suffix}";
        }

        return kind == TextKind.Counter && !EndsWith(made, "total") ? made + "_total" : made;
    }

    /// <summary>What is neither a letter nor a digit becomes an underscore, several of them one.</summary>
    public static string Plain(string name)
    {
        var made = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            var kept = char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_';
            if (made.Length == 0 && char.IsAsciiDigit(kept))
            {
                made.Append('_');
            }

            if (kept != '_' || made.Length == 0 || made[^1] != '_')
            {
                made.Append(kept);
            }
        }

        return made.ToString();
    }

    private static string UnitOf(string unit)
    {
        // The specification makes a ratio of it, the package does not: names that are to say so say it themselves.
        if (unit == "1")
        {
            return "";
        }

        var parts = unit.Split('/', 2);
        var suffix = Word(parts[0], units);
        return parts.Length == 2 && Word(parts[1], perUnits) is { Length: > 0 } per
            ? Plain($"{suffix}_per_{per}").TrimStart('_')
            : suffix;
    }

    /// <summary>Words in braces are for people.</summary>
    private static string Word(string unit, Dictionary<string, string> known)
    {
        var brace = unit.IndexOf('{', StringComparison.Ordinal);
        var bare = brace < 0 ? unit : unit[..brace];
        return known.GetValueOrDefault(bare) ?? Plain(bare);
    }

    private static bool EndsWith(string name, string suffix, TextKind kind) =>
        EndsWith(name, suffix) || (kind == TextKind.Counter && EndsWith(name, $"{suffix}_total"));

    private static bool EndsWith(string name, string suffix) =>
        name == suffix || name.EndsWith($"_{suffix}", StringComparison.Ordinal);
}
