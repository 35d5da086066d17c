using System.Text.Json.Nodes;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Chart;

/// <summary>The chart with its own values, on GPU nodes, as little as possible, and with everything on.</summary>
public class RenderTests
{
    private static readonly string?[] valueFiles = [null, "gpu", "minimal", "everything"];

    public static TheoryData<string?, string[]> Manifests { get; } =
        new()
        {
            {
                null,
                [
                    "NetworkPolicy trial-silo",
                    "NetworkPolicy trial-gateway",
                    "NetworkPolicy trial-postgres",
                    "PodDisruptionBudget trial-gateway",
                    "PodDisruptionBudget trial-silo",
                    "ServiceAccount trial",
                    "Service trial-gateway",
                    "Service trial-postgres",
                    "Service trial-silo",
                    "Deployment trial-gateway",
                    "StatefulSet trial-postgres",
                    "StatefulSet trial-silo",
                    "Pod trial-test-health",
                ]
            },
            {
                "gpu",
                [
                    "NetworkPolicy trial-silo",
                    "NetworkPolicy trial-gateway",
                    "PodDisruptionBudget trial-gateway",
                    "ServiceAccount trial",
                    "Service trial-gateway",
                    "Service trial-silo",
                    "DaemonSet trial-silo",
                    "Deployment trial-gateway",
                    "Pod trial-test-health",
                ]
            },
            {
                "minimal",
                [
                    "PodDisruptionBudget trial-gateway",
                    "PodDisruptionBudget trial-silo",
                    "Service trial-gateway",
                    "Service trial-postgres",
                    "Service trial-silo",
                    "Deployment trial-gateway",
                    "StatefulSet trial-postgres",
                    "StatefulSet trial-silo",
                    "Pod trial-test-health",
                ]
            },
            {
                "everything",
                [
                    "NetworkPolicy bench-silo",
                    "NetworkPolicy bench-gateway",
                    "NetworkPolicy bench-postgres",
                    "PodDisruptionBudget bench-gateway",
                    "PodDisruptionBudget bench-silo",
                    "ServiceAccount bench",
                    "ConfigMap bench-layerbench-control-plane",
                    "ConfigMap bench-layerbench-fleet",
                    "ConfigMap bench-layerbench-sweep",
                    "ConfigMap bench-layerbench-trust",
                    "Service bench-gateway",
                    "Service bench-postgres",
                    "Service bench-silo",
                    "Deployment bench-gateway",
                    "StatefulSet bench-postgres",
                    "StatefulSet bench-silo",
                    "Ingress bench",
                    "PodMonitor bench-silo",
                    "PrometheusRule bench",
                    "ServiceMonitor bench-gateway",
                    "Pod bench-test-health",
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Manifests))]
    public async Task AChartRendersToTheseManifestsInTheOrderOfInstallation(string? values, string[] expected)
    {
        var text = await Renderer.ManifestsAsync(values);
        await File.WriteAllTextAsync(
            Path.Combine(Repository.Checks, $"chart-{values ?? "default"}.yaml"),
            text,
            TestContext.Current.CancellationToken
        );

        Yaml.ReadAll(text).Select(m => $"{m.Text("kind")} {m.Text("metadata.name")}").ShouldBe(expected);
    }

    [Fact]
    public async Task EveryManifestHasTheKeysAndTypesThatKubernetesKnows()
    {
        List<object> rendered = [];
        foreach (var values in valueFiles)
        {
            rendered.Add(new { where = values ?? "default", text = await Renderer.ManifestsAsync(values) });
        }

        var said = await NpmChecks.RunAsync("manifests.mjs", rendered);

        said.ShouldSucceed().Output.Trim().ShouldBe($"{Manifests.Sum(row => row.Data.Item2.Length)} manifests");
    }

    [Theory]
    [InlineData("replicas: 2", "replica: 2", "replica")]
    [InlineData("clusterIP: None", "clusterIP: 7", "clusterIP")]
    public async Task AManifestThatIsWrongIsFound(string right, string wrong, string named)
    {
        var text = await Renderer.ManifestsAsync(null);
        text.ShouldContain(right);

        var said = await NpmChecks.RunAsync(
            "manifests.mjs",
            new[] { new { where = "spoilt", text = text.Replace(right, wrong, StringComparison.Ordinal) } }
        );

        said.ExitCode.ShouldBe(1);
        said.Error.ShouldContain(named);
    }

    [Fact]
    public async Task WhatSelectsPodsFindsSome()
    {
        foreach (var values in valueFiles)
        {
            var manifests = Yaml.ReadAll(await Renderer.ManifestsAsync(values));
            var pods = manifests.Select(PodOf).OfType<JsonNode>().Select(p => p.Texts("metadata.labels")).ToList();
            var selectors = manifests.SelectMany(Selectors).ToList();

            selectors.Count.ShouldBeGreaterThan(5);
            foreach (var (where, selector) in selectors)
            {
                pods.ShouldContain(
                    pod => selector.All(l => pod.GetValueOrDefault(l.Key) == l.Value),
                    $"{values}: {where}"
                );
            }
        }
    }

    /// <summary>Of a pod that is gone nothing can be logged (helm issue 9098).</summary>
    [Fact]
    public async Task ThePodOfHelmTestStaysForItsLogToBeRead()
    {
        var pod = Yaml.ReadAll(await Renderer.ManifestsAsync(null)).Single(m => m.Text("kind") == "Pod");

        pod.Texts("metadata.annotations")["helm.sh/hook-delete-policy"].ShouldBe("before-hook-creation");
        File.ReadAllText(Repository.At(".github", "workflows", "ci.yaml"))
            .ShouldContain("helm test trial -n bench --logs");
    }

    [Fact]
    public async Task NotesSayWhatWasInstalledAndHowToReachIt()
    {
        var said = await Renderer.RunAsync("-notes", "-values", Renderer.ValuesFile("gpu"));

        said.ShouldSucceed()
            .Output.ShouldStartWith(
                """
                layerbench 0.1.0, cluster trial:
                  a silo on every node that has nvidia.com/gpu.present=true (DaemonSet), 2 × nvidia.com/gpu each
                  2 gateways
                  PostgreSQL at db.example.org
                """
            );
        said.Output.ShouldContain("kubectl -n bench port-forward service/trial-gateway 8080:8080 &");
    }

    /// <summary>The pod that a manifest makes; null where it makes none.</summary>
    internal static JsonNode? PodOf(JsonNode manifest) =>
        manifest.Text("kind") == "Pod" ? manifest : manifest.At("spec.template");

    private static IEnumerable<(string Where, IReadOnlyDictionary<string, string> Selector)> Selectors(
        JsonNode manifest
    )
    {
        var name = $"{manifest.Text("kind")} {manifest.Text("metadata.name")}";
        var own =
            manifest.Text("kind") == "Service" ? manifest.Texts("spec.selector")
            // The service's labels, not a pod's.
            : manifest.Text("kind") == "ServiceMonitor" ? new Dictionary<string, string>()
            : manifest.Texts("spec.selector.matchLabels");
        var peers = manifest.Objects().Select(o => o.Texts("podSelector.matchLabels"));
        return peers.Prepend(own).Where(s => s.Count > 0).Select(s => (name, s));
    }
}
