using System.Globalization;

namespace Layerbench.Telemetry.Tests;

/// <summary>A family of an exposition.</summary>
/// <param name="Series">By name and labels, these in order.</param>
internal sealed record Family(string Name, string Type, string Help, IReadOnlyDictionary<string, double> Series);

/// <summary>Prometheus' text format, as far as it is written here, read back.</summary>
internal static class Scraped
{
    public static IReadOnlyDictionary<string, Family> Read(string text)
    {
        var types = new Dictionary<string, string>();
        var helps = new Dictionary<string, string>();
        var series = new Dictionary<string, Dictionary<string, double>>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (line.Split(' ', 4))
            {
                case ["#", "TYPE", var name, var type]:
                    types.Add(name, type); // throws where a family stands in two places
                    break;
                case ["#", "HELP", var name, var help]:
                    helps.Add(name, help);
                    break;
                default:
                    var end = line.LastIndexOf(' ');
                    var (key, family) = Key(line[..end]);
                    family = types.ContainsKey(family) ? family : family[..family.LastIndexOf('_')];
                    series.TryAdd(family, []);
                    series[family].Add(key, Number(line[(end + 1)..]));
                    break;
            }
        }

        return types.ToDictionary(
            t => t.Key,
            t => new Family(t.Key, t.Value, helps.GetValueOrDefault(t.Key, ""), series.GetValueOrDefault(t.Key, []))
        );
    }

    private static (string Key, string Name) Key(string line)
    {
        var brace = line.IndexOf('{', StringComparison.Ordinal);
        if (brace < 0)
        {
            return (line, line);
        }

        if (line.EndsWith("{}", StringComparison.Ordinal))
        {
            return (line[..^2], line[..^2]);
        }

        // A value of these tests has no comma and no brace in it.
        var labels = line[(brace + 1)..^1].Split(',').Select(Canonical).Order(StringComparer.Ordinal);
        return ($"{line[..brace]}{{{string.Join(',', labels)}}}", line[..brace]);
    }

    /// <summary>Bounds of buckets are numbers: <c>1</c> and <c>1.0</c> are one.</summary>
    private static string Canonical(string label) =>
        label.StartsWith("le=", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"le={Number(label[4..^1])}")
            : label;

    private static double Number(string text) =>
        text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(text, CultureInfo.InvariantCulture),
        };
}
