using System.Globalization;
using Layerbench.Bench.Clusters.Scenarios;

namespace Layerbench.Bench.Clusters;

/// <param name="Kills">Of every scenario that kills one thing after the other.</param>
/// <param name="Minutes">After which such a scenario ends early, and says so.</param>
/// <param name="Only">The one scenario to run; null: all.</param>
internal sealed record BenchOptions(int Kills, double Minutes, string? Only)
{
    public static string Usage =>
        $"""
            Usage: dotnet run -c Release --project bench/Cluster -- cluster [--kills N] [--minutes M] [--only NAME]

              --kills N     of each scenario that kills parts one after the other; 10 if not given
              --minutes M   at which such a scenario stops early; 10 if not given
              --only NAME   one of:
            {string.Join('\n', Scenario.All.Select(s => $"      {s.Name, -18} {s.What}"))}
            """;

    public TimeSpan Limit => TimeSpan.FromMinutes(Minutes);

    public static (BenchOptions? Options, IReadOnlyList<string> Errors) Read(string[] args)
    {
        var options = new BenchOptions(10, 10, null);
        var errors = new List<string>();
        if (args is not ["cluster", ..])
        {
            errors.Add("the first word is 'cluster'");
        }

        for (var i = 1; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--kills"
                    when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var kills)
                        && kills is >= 1 and <= 10_000:
                    options = options with { Kills = kills };
                    break;
                case "--minutes"
                    when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes)
                        && minutes is > 0 and <= 1440:
                    options = options with { Minutes = minutes };
                    break;
                case "--only" when Scenario.All.Any(s => s.Name == value):
                    options = options with { Only = value };
                    break;
                default:
                    errors.Add($"'{args[i]} {value}' is no option with a value that it takes");
                    break;
            }
        }

        return (errors.Count == 0 ? options : null, errors);
    }
}
