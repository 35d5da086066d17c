using System.Text.Json.Nodes;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Chart;

/// <summary>Who may speak to whom.</summary>
public sealed class NetworkPolicyTests
{
    private const string Clients = "ingress";
    private const string Prometheus = "monitoring";

    [Fact]
    public async Task WhoMayScrapeReachesSilosAndTheGatewayAndWhoMayCallTheGatewayThatAlone()
    {
        var policies = await PoliciesAsync("everything");

        Namespaces(policies["bench-silo"], port: 8081).ShouldBe([Prometheus]);
        Namespaces(policies["bench-gateway"], port: 8080).ShouldBe([Clients, Prometheus]);
        Namespaces(policies["bench-silo"], port: 11111).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhoScrapesOpensNothingOfAGatewayThatIsClosedToAllButSome()
    {
        using var scratch = new ScratchFolder();
        var values = scratch.Write(
            "values.yaml",
            "networkPolicy: { gatewayFrom: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } } }] }"
        );

        var policies = Policies((await Renderer.RunAsync("-values", values)).ShouldSucceed().Output);

        Namespaces(policies["trial-gateway"], port: 8080).ShouldBe([Clients]);
    }

    [Fact]
    public async Task AGatewayThatIsNotClosedIsOpenToAll() =>
        (await PoliciesAsync(null))["trial-gateway"].At("spec.ingress.0.from").ShouldBeNull();

    /// <summary>The namespaces that reach a port.</summary>
    private static IEnumerable<string?> Namespaces(JsonNode policy, int port) =>
        policy
            .List("spec.ingress")
            .Where(rule => rule.List("ports").Any(p => p.Text("port") == $"{port}"))
            .SelectMany(rule => rule.List("from"))
            .Select(peer => peer.Texts("namespaceSelector.matchLabels"))
            .Where(labels => labels.Count > 0)
            .Select(labels => labels["kubernetes.io/metadata.name"]);

    private static async Task<IReadOnlyDictionary<string, JsonNode>> PoliciesAsync(string? values) =>
        Policies(await Renderer.ManifestsAsync(values));

    private static Dictionary<string, JsonNode> Policies(string manifests) =>
        Yaml.ReadAll(manifests)
            .Where(m => m.Text("kind") == "NetworkPolicy")
            .ToDictionary(m => m.Text("metadata.name")!, StringComparer.Ordinal);
}
