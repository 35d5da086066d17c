using System.Xml.Linq;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Shipping;

/// <summary>The chart as a release has it (<c>eng/release-chart</c>).</summary>
public sealed class ReleaseChartTests
{
    private const string Registry = "ghcr.io/team/layerbench";
    private const string Runbook = "https://git.example.org/team/layerbench/blob/v0.1.0/docs/operations.md";

    [Fact]
    public async Task ItsImagesComeFromTheReleasesRegistryAndItsAlertsNameTheRunbookByItsAddress()
    {
        using var scratch = new ScratchFolder();
        var chart = await MakeAsync(scratch);

        var said = await Renderer.RunChartAsync(
            chart,
            "-values",
            scratch.Write("values.yaml", "metrics: { rules: { enabled: true } }")
        );

        var manifests = Yaml.ReadAll(said.ShouldSucceed().Output);
        manifests
            .SelectMany(m => m.List("spec.template.spec.containers"))
            .Select(c => c.Text("image")!)
            .Where(image => image.Contains("layerbench", StringComparison.Ordinal))
            .ShouldBe([$"{Registry}/layerbench-gateway:0.1.0", $"{Registry}/layerbench-silo:0.1.0"], ignoreOrder: true);
        var alerts = manifests
            .Single(m => m.Text("kind") == "PrometheusRule")
            .Objects()
            .Where(o => o.Text("alert") is not null)
            .ToList();
        alerts.Count.ShouldBe(9);
        foreach (var alert in alerts)
        {
            alert
                .Text("annotations.runbook_url")
                .ShouldBe($"{Runbook}#{alert.Text("alert")!.ToLowerInvariant()}", alert.Text("alert"));
            alert.Text("annotations.runbook").ShouldBeNull();
        }
    }

    [Fact]
    public async Task ItHasNoLinksThatLeadOutOfIt()
    {
        using var scratch = new ScratchFolder();
        var chart = await MakeAsync(scratch);

        var files = Directory.GetFileSystemEntries(chart, "*", SearchOption.AllDirectories);

        files.Where(f => new FileInfo(f).LinkTarget is not null).ShouldBeEmpty();
        files.ShouldContain(Path.Combine(chart, "files", "rules", "alerts.yaml"));
    }

    [Fact]
    public void TheChartAndTheProductHaveOneVersion()
    {
        var version = XDocument.Load(Repository.At("Directory.Build.props")).Descendants("Version").Single().Value;
        var chart = Yaml.ReadFile("helm", "layerbench", "Chart.yaml");

        (chart.Text("version"), chart.Text("appVersion")).ShouldBe((version, version));
    }

    private static async Task<string> MakeAsync(ScratchFolder scratch)
    {
        (await Tool.RunAsync(Repository.At("eng", "release-chart"), [scratch.Path, Registry, Runbook])).ShouldSucceed();
        return Path.Combine(scratch.Path, "layerbench");
    }
}
