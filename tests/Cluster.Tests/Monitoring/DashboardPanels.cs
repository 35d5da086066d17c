using System.Text.Json.Nodes;
using Layerbench.Tests.Shared;

namespace Layerbench.Cluster.Tests.Monitoring;

/// <param name="Expressions">As a browser would send them, with every sweep, node and device chosen.</param>
internal sealed record DashboardPanel(string Dashboard, string Title, IReadOnlyList<string> Expressions)
{
    public override string ToString() => $"{Dashboard}: {Title}";
}

/// <summary>The panels of the four dashboards.</summary>
internal static class DashboardPanels
{
    public static IReadOnlyList<DashboardPanel> All() =>
        [
            .. from file in Directory.GetFiles(Checkout.File("deploy", "grafana", "dashboards"), "*.json")
            let dashboard = JsonNode.Parse(File.ReadAllText(file))!
            from panel in dashboard["panels"]!.AsArray()
            where panel!["type"]!.GetValue<string>() != "row"
            select new DashboardPanel(
                dashboard["title"]!.GetValue<string>(),
                panel["title"]!.GetValue<string>(),
                [.. panel["targets"]!.AsArray().Select(t => Chosen(t!["expr"]!.GetValue<string>()))]
            ),
        ];

    /// <summary>What marks events on every panel, by name.</summary>
    public static IReadOnlyDictionary<string, string> Marks() =>
        JsonNode.Parse(File.ReadAllText(Checkout.File("deploy", "grafana", "dashboards", "layerbench-fleet.json")))![
            "annotations"
        ]!["list"]!
            .AsArray()
            .ToDictionary(a => a!["name"]!.GetValue<string>(), a => a!["expr"]!.GetValue<string>());

    private static string Chosen(string expression) =>
        expression
            .Replace("$sweep", ".*", StringComparison.Ordinal)
            .Replace("$node", ".*", StringComparison.Ordinal)
            .Replace("$device", ".*", StringComparison.Ordinal)
            .Replace("$__rate_interval", "10s", StringComparison.Ordinal)
            // The steps of a subquery are whole minutes since 1970, of which this test has seen none or one.
            .Replace("[7d:1m]", "[1h:1s]", StringComparison.Ordinal);
}
