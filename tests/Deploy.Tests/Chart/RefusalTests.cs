using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Chart;

/// <summary>Values that cannot work are refused before anything is made, in the chart's own words.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData(
        "silo: { gpu: { enabled: true, count: 0 } }",
        "silo.gpu.count: 0 GPUs is none; give 1 or more, or silo.gpu.enabled=false"
    )]
    [InlineData(
        "postgres: { existingSecret: '' }",
        "postgres.existingSecret: is empty; make a secret and give its name: "
            + "kubectl -n bench create secret generic layerbench-postgres --from-literal=password=$(openssl rand -hex 24)"
    )]
    [InlineData(
        "gateway: { tokens: { existingSecret: '' } }",
        "gateway.tokens.existingSecret: is empty; make a secret and give its name: "
            + "kubectl -n bench create secret generic layerbench-tokens --from-file=tokens=FILE, with a FILE of lines that 'layerbench token new' prints"
    )]
    [InlineData(
        "postgres: { bundled: { enabled: false } }",
        "postgres.host: is empty and postgres.bundled.enabled is false; give your PostgreSQL's address, or enable the bundled one for a trial"
    )]
    [InlineData(
        "postgres: { host: db }",
        "postgres.host: \"db\" is given and postgres.bundled.enabled is true; set postgres.bundled.enabled=false to use it"
    )]
    [InlineData(
        "silo: { workload: DaemonSet }",
        "silo.nodeSelector: is empty, so a DaemonSet would put a silo on every node; "
            + "give the label of the nodes to measure on, e.g. nvidia.com/gpu.present: \"true\""
    )]
    [InlineData("silo: { replicas: 0 }", "silo.replicas: 0 silos run nothing; give 1 or more")]
    [InlineData(
        "gateway: { ingress: { enabled: true, tlsSecret: t } }",
        "gateway.ingress.host: is empty; give the name that clients call, e.g. layerbench.example.org"
    )]
    [InlineData(
        "gateway: { ingress: { enabled: true, host: h } }",
        "gateway.ingress.tlsSecret: is empty, and tokens would travel in the clear; name a secret of type kubernetes.io/tls"
    )]
    [InlineData(
        "silo: { plugIns: { files: [mix.py], configMap: a, claim: b } }",
        "silo.plugIns.claim: \"b\" is given and silo.plugIns.configMap is \"a\"; all files come from one of them, so leave the other empty"
    )]
    [InlineData(
        "silo: { plugIns: { files: [mix.py, My.dll] } }",
        "silo.plugIns.configMap: is empty, so there is no mix.py; make one and give its name "
            + "(kubectl -n bench create configmap plug-ins --from-file=mix.py), or give a volume claim in silo.plugIns.claim"
    )]
    [InlineData(
        "silo: { plugIns: { claim: b } }",
        "silo.plugIns.files: is empty, so nothing of \"b\" would be loaded; name its files, e.g. [mix_mean.py]"
    )]
    [InlineData(
        "metrics: { serviceMonitor: { enabled: true } }",
        "metrics.serviceMonitor.tokenSecret: is empty; make a secret and give its name: "
            + "kubectl -n bench create secret generic layerbench-metrics --from-file=token=FILE, "
            + "with a FILE that has a token of role view alone (layerbench token new --role view)"
    )]
    [InlineData(
        "postgres: { caSecret: ours }",
        "postgres.caSecret: \"ours\" is given and postgres.bundled.enabled is true, which speaks without TLS; "
            + "leave it empty, or give your PostgreSQL's postgres.host and set postgres.bundled.enabled=false"
    )]
    [InlineData(
        "postgres: { host: db, sslMode: Require, caSecret: ours, bundled: { enabled: false } }",
        "postgres.sslMode: Require checks no certificate, and postgres.caSecret is \"ours\"; "
            + "give VerifyFull or VerifyCA, or leave one of them empty"
    )]
    public async Task ValuesThatCannotWorkAreNamedWithTheRuleAndTheRepair(string values, string message)
    {
        var said = await RefusedAsync(values);

        said.Split('\n').ShouldContain(message);
    }

    [Fact]
    public async Task EverythingWrongIsSaidAtOnce()
    {
        var said = await RefusedAsync(
            "{ silo: { replicas: 0, gpu: { enabled: true, count: 0 } }, postgres: { host: db } }"
        );

        said.ShouldContain("silo.gpu.count:");
        said.ShouldContain("silo.replicas:");
        said.ShouldContain("postgres.host:");
    }

    [Theory]
    [InlineData("silo: { replica: 3 }", "Additional property replica is not allowed")]
    [InlineData("silo: { graceSeconds: 5m }", "silo.graceSeconds: Invalid type. Expected: integer, given: string")]
    [InlineData("silo: { graceSeconds: 3601 }", "silo.graceSeconds: Must be less than or equal to 3600")]
    [InlineData("silo: { scratch: 4 GB }", "silo.scratch: Does not match pattern")]
    [InlineData(
        "silo: { plugIns: { files: [mix/mean.py], claim: c } }",
        "silo.plugIns.files.0: Does not match pattern"
    )]
    [InlineData("silo: { maxUnavailable: 0 }", "silo.maxUnavailable: Must be greater than or equal to 1")]
    [InlineData("gateway: { maxUnavailable: 0% }", "gateway.maxUnavailable: Does not match pattern")]
    [InlineData("gateway: { service: { type: Public } }", "gateway.service.type: gateway.service.type must be one of")]
    public async Task ValuesOfAWrongShapeAreRefusedByTheSchema(string values, string message)
    {
        var said = await RefusedAsync(values);

        said.ShouldStartWith("Error: values don't meet the specifications of the schema(s)");
        said.ShouldContain(message);
    }

    [Fact]
    public async Task ASecretThatIsNotOnTheClusterIsMissedBeforeAnythingIsMade()
    {
        var said = await RefusedAsync("{}", Cluster(secrets: ["layerbench-tokens: { tokens: YQ== }"]));

        said.Split('\n')
            .ShouldContain(
                "postgres.existingSecret: there is no secret \"layerbench-postgres\" in namespace bench; make it: "
                    + "kubectl -n bench create secret generic layerbench-postgres --from-literal=password=$(openssl rand -hex 24)"
            );
        said.ShouldNotContain("gateway.tokens.existingSecret");
    }

    [Fact]
    public async Task ASecretWithoutTheKeyIsMissedToo()
    {
        var said = await RefusedAsync(
            "{}",
            Cluster(secrets: ["layerbench-tokens: { token: YQ== }", "layerbench-postgres: { password: YQ== }"])
        );

        said.ShouldContain(
            "gateway.tokens.existingSecret: secret \"layerbench-tokens\" has no key \"tokens\"; make it:"
        );
        said.ShouldNotContain("postgres.existingSecret");
    }

    [Fact]
    public async Task SecretsOfWhatIsSwitchedOnAreLookedForToo()
    {
        var said = await RefusedAsync(
            "{ postgres: { host: db, caSecret: ours, bundled: { enabled: false } }, gateway: { tls: { existingSecret: tls } }, "
                + "metrics: { serviceMonitor: { enabled: true, tokenSecret: scraper } } }",
            Cluster(
                secrets:
                [
                    "layerbench-tokens: { tokens: YQ== }",
                    "layerbench-postgres: { password: YQ== }",
                    "tls: { tls.key: YQ== }",
                ]
            )
        );

        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines
            .Where(l => l.Contains(": there is no secret ", StringComparison.Ordinal))
            .Select(l => l[..l.IndexOf("; make it", StringComparison.Ordinal)])
            .ShouldBe([
                "postgres.caSecret: there is no secret \"ours\" in namespace bench",
                "metrics.serviceMonitor.tokenSecret: there is no secret \"scraper\" in namespace bench",
            ]);
        said.ShouldContain("gateway.tls.existingSecret: secret \"tls\" has no key \"ca.crt\"; make it:");
    }

    [Fact]
    public async Task SecretsThatAreThereAreEnough()
    {
        using var scratch = new ScratchFolder();
        var cluster = Cluster(
            secrets: ["layerbench-tokens: { tokens: YQ== }", "layerbench-postgres: { password: YQ== }"]
        );

        var said = await Renderer.RunAsync("-objects", scratch.Write("cluster.yaml", cluster));

        said.ShouldSucceed();
    }

    [Fact]
    public async Task WithoutTheRightToReadSecretsTheLookCanBeLeftOut()
    {
        using var scratch = new ScratchFolder();

        var said = await Renderer.RunAsync(
            "-objects",
            scratch.Write("cluster.yaml", Cluster(secrets: [])),
            "-values",
            scratch.Write("values.yaml", "checks: { secrets: false }")
        );

        said.ShouldSucceed();
    }

    private static string Cluster(string[] secrets) =>
        string.Join(
            "\n---\n",
            secrets
                .Select(s => s.Split(": ", 2))
                .Select(s =>
                    $"{{ apiVersion: v1, kind: Secret, metadata: {{ name: {s[0]}, namespace: bench }}, data: {s[1]} }}"
                )
                .Prepend("{ apiVersion: v1, kind: Namespace, metadata: { name: bench } }")
        );

    private static async Task<string> RefusedAsync(string values, string? cluster = null)
    {
        using var scratch = new ScratchFolder();
        string[] objects = cluster is null ? [] : ["-objects", scratch.Write("cluster.yaml", cluster)];

        var said = await Renderer.RunAsync([.. objects, "-values", scratch.Write("values.yaml", values)]);

        said.ExitCode.ShouldBe(1, said.Output);
        return said.Error;
    }
}
