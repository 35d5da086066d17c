using System.Text.Json.Nodes;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Monitoring;

/// <summary>An expression of PromQL, and where it stands.</summary>
internal sealed record Expression(string Where, string Expr);

/// <summary>Dashboards and rules as they are in the repository.</summary>
internal static class MonitoringFiles
{
    public static string Dashboards { get; } = Repository.At("deploy", "grafana", "dashboards");

    public static string Rules { get; } = Repository.At("deploy", "prometheus", "rules");

    public static IReadOnlyList<(string File, JsonNode Content)> AllDashboards() =>
        [
            .. Directory
                .GetFiles(Dashboards, "*.json")
                .Order(StringComparer.Ordinal)
                .Select(f => (Path.GetFileName(f), JsonNode.Parse(File.ReadAllText(f))!)),
        ];

    public static IEnumerable<(string Dashboard, JsonNode Panel)> AllPanels() =>
        AllDashboards()
            .SelectMany(d => d.Content.List("panels").Select(p => (d.File, p)))
            .Where(p => p.p.Text("type") != "row");

    public static IReadOnlyList<JsonNode> AllRules() =>
        [
            .. Directory
                .GetFiles(Rules, "*.yaml")
                .SelectMany(f => Yaml.Read(File.ReadAllText(f)).List("groups"))
                .SelectMany(g => g.List("rules")),
        ];

    /// <summary>Every expression of a panel, an annotation, a recording rule or an alert.</summary>
    public static IReadOnlyList<Expression> Expressions() =>
        [
            .. AllPanels()
                .SelectMany(p =>
                    p.Panel.List("targets")
                        .Select(t => new Expression($"{p.Dashboard}, {p.Panel.Text("title")}", t.Text("expr")!))
                ),
            .. AllDashboards()
                .SelectMany(d =>
                    d.Content.List("annotations.list")
                        .Select(a => new Expression($"{d.File}, {a.Text("name")}", a.Text("expr")!))
                ),
            .. AllRules().Select(r => new Expression(r.Text("record") ?? r.Text("alert")!, r.Text("expr")!)),
        ];

    /// <summary>The metrics that the expressions name, by where they do.</summary>
    public static async Task<IReadOnlyList<(string Where, string Metric)>> NamedMetricsAsync(
        IEnumerable<Expression> expressions
    )
    {
        var said = await NpmChecks.RunAsync(
            "promql.mjs",
            expressions.Select(e => new { where = e.Where, expr = e.Expr })
        );
        return
        [
            .. JsonNode
                .Parse(said.ShouldSucceed().Output)!
                .AsArray()
                .Select(n => (n.Text("where")!, n.Text("metric")!)),
        ];
    }
}
