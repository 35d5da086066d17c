using System.Text.Json.Nodes;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Monitoring;

/// <summary>Recording rules and alerts, by Prometheus' own promtool.</summary>
public class RuleTests
{
    private const string Package = "apt-get install prometheus, or ./test";

    private static string Tests { get; } = Repository.At("deploy", "prometheus", "tests", "alerts.yaml");

    [Fact]
    public async Task TheRulesHoldTheirUnitTests()
    {
        var said = await Tool.RunAsync(Tool.Need("promtool", Package), ["test", "rules", Tests]);

        said.ShouldSucceed();
    }

    [Fact]
    public async Task TheRulesAndTheConfigurationsAreValid()
    {
        var promtool = Tool.Need("promtool", Package);

        var rules = await Tool.RunAsync(promtool, ["check", "rules", .. Directory.GetFiles(MonitoringFiles.Rules)]);
        // Without looking for files: in a container they lie elsewhere.
        var stack = await Tool.RunAsync(
            promtool,
            ["check", "config", "--syntax-only", Repository.At("deploy", "prometheus", "prometheus.yaml")]
        );
        var local = await Tool.RunAsync(
            promtool,
            ["check", "config", Repository.At("deploy", "prometheus", "local.yaml")]
        );

        rules.ShouldSucceed();
        stack.ShouldSucceed();
        local.ShouldSucceed().Output.ShouldContain("2 rule files found");
    }

    /// <summary>A rule that nobody saw fire may be one that cannot.</summary>
    [Fact]
    public void EveryAlertFiresInItsUnitTestAndIsSilentInOne()
    {
        var tests = Yaml.Read(File.ReadAllText(Tests))
            .List("tests")
            .SelectMany(t => t.List("alert_rule_test"))
            .ToList();

        Alerts().Count.ShouldBe(9);
        foreach (var alert in Alerts())
        {
            var own = tests.Where(t => t.Text("alertname") == alert.Text("alert")).ToList();
            own.ShouldContain(t => t.List("exp_alerts").Count > 0, $"{alert.Text("alert")} is never seen to fire");
            if (alert.Text("for") is not null)
            {
                own.ShouldContain(
                    t => t.List("exp_alerts").Count == 0,
                    $"{alert.Text("alert")} is never seen to be silent"
                );
            }
        }
    }

    [Fact]
    public void EveryAlertHasAnEntryInTheRunbookThatSaysWhatItIsWhatToLookAtAndWhatToDo()
    {
        var sections = File.ReadAllText(Repository.At("docs", "operations.md"))
            .Split("\n### ")
            .Skip(1)
            .ToDictionary(s => s[..s.IndexOf('\n', StringComparison.Ordinal)], StringComparer.Ordinal);

        foreach (var alert in Alerts())
        {
            var name = alert.Text("alert")!;
            alert.Text("annotations.runbook").ShouldBe($"docs/operations.md#{name.ToLowerInvariant()}");
            sections.ShouldContainKey(name);
            sections[name].ShouldContain("**Means**");
            sections[name].ShouldContain("**Look at**");
            sections[name].ShouldContain("**Do**");
        }

        sections.Keys.Where(s => s.StartsWith("Layerbench", StringComparison.Ordinal)).Count().ShouldBe(Alerts().Count);
    }

    /// <summary>So a rule of one place cannot be forgotten in the other: the chart's are links to these.</summary>
    [Theory]
    [InlineData("rules", "prometheus/rules")]
    [InlineData("dashboards", "grafana/dashboards")]
    public void TheChartTakesRulesAndDashboardsFromDeploy(string inChart, string inDeploy) =>
        new DirectoryInfo(Repository.At("helm", "layerbench", "files", inChart))
            .ResolveLinkTarget(returnFinalTarget: true)!
            .FullName.ShouldBe(Path.GetFullPath(Repository.At("deploy", inDeploy)));

    [Fact]
    public async Task TheChartsRulesAreTheFilesRules()
    {
        var rendered = Yaml.ReadAll(await Renderer.ManifestsAsync("everything"))
            .Single(m => m.Text("kind") == "PrometheusRule");

        var groups = Directory
            .GetFiles(MonitoringFiles.Rules)
            .Order(StringComparer.Ordinal)
            .SelectMany(f => Yaml.Read(File.ReadAllText(f)).List("groups"))
            .ToList();
        rendered.List("spec.groups").Select(g => g.Text("name")).ShouldBe(groups.Select(g => g.Text("name")));
        rendered.List("spec.groups").Zip(groups).ShouldAllBe(pair => JsonNode.DeepEquals(pair.First, pair.Second));
    }

    private static IReadOnlyList<JsonNode> Alerts() =>
        [.. MonitoringFiles.AllRules().Where(r => r.Text("alert") is not null)];
}
