using System.Text.Json.Nodes;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Chart;

/// <summary>What runs: its GPUs, its grace, its rights, its settings.</summary>
public class PodTests
{
    [Fact]
    public async Task AGpuSiloAsksForItsGpusAndToleratesTheirNodesTaint()
    {
        var pod = await SiloAsync("gpu");
        var silo = pod.At("containers.0");

        silo.Text("image").ShouldBe("layerbench-silo-cuda:0.1.0");
        silo.Text("resources.limits.cpu").ShouldBe("8");
        silo.Texts("resources.limits")["nvidia.com/gpu"].ShouldBe("2");
        silo.Texts("resources.requests")["nvidia.com/gpu"].ShouldBe("2");
        pod.Text("runtimeClassName").ShouldBe("nvidia");
        pod.Texts("nodeSelector").ShouldBe(new Dictionary<string, string> { ["nvidia.com/gpu.present"] = "true" });
        pod.Text("tolerations.0.key").ShouldBe("nvidia.com/gpu");
        Setting(pod, "Layerbench__Devices__0").ShouldBe("cuda");
        silo.List("env")
            .Single(e => e.Text("name") == "Layerbench__Node")
            .Text("valueFrom.fieldRef.fieldPath")
            .ShouldBe("spec.nodeName");
    }

    [Fact]
    public async Task ASiloWithoutGpusAsksForNoneAndIsNamedByItsPod()
    {
        var pod = await SiloAsync(null);
        var silo = pod.At("containers.0");

        silo.Text("image").ShouldBe("layerbench-silo:0.1.0");
        silo.Texts("resources.limits").Keys.ShouldBe(["cpu", "memory"], ignoreOrder: true);
        pod.At("tolerations").ShouldBeNull();
        silo.List("env")
            .Single(e => e.Text("name") == "Layerbench__Node")
            .Text("valueFrom.fieldRef.fieldPath")
            .ShouldBe("metadata.name");
    }

    [Theory]
    [InlineData(null, "330", "00:05:00")]
    [InlineData("minimal", "35", "00:00:05")]
    [InlineData("everything", "3630", "01:00:00")]
    public async Task KubernetesWaitsLongerThanASiloThatEndsItsLaunches(string? values, string seconds, string grace)
    {
        var pod = await SiloAsync(values);

        pod.Text("terminationGracePeriodSeconds").ShouldBe(seconds);
        Setting(pod, "Layerbench__Grace").ShouldBe(grace);
    }

    [Theory]
    [InlineData(null, "required")]
    [InlineData("minimal", "preferred")]
    public async Task TwoSilosShareNoNodeUnlessThatIsAllowed(string? values, string strength)
    {
        var pod = await SiloAsync(values);

        pod.At("affinity.podAntiAffinity")
            .ShouldBeOfType<JsonObject>()
            .Select(p => p.Key)
            .ShouldBe([$"{strength}DuringSchedulingIgnoredDuringExecution"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gpu")]
    [InlineData("minimal")]
    [InlineData("everything")]
    public async Task NothingRunsAsRootOrCanBecomeSoOrWriteToItsImage(string? values)
    {
        var pods = await PodsAsync(values);

        pods.Count.ShouldBeGreaterThanOrEqualTo(3);
        foreach (var pod in pods)
        {
            pod.Text("securityContext.runAsNonRoot").ShouldBe("true");
            int.Parse(pod.Text("securityContext.runAsUser")!).ShouldBeGreaterThan(0);
            pod.Text("securityContext.seccompProfile.type").ShouldBe("RuntimeDefault");
            pod.Text("automountServiceAccountToken").ShouldBe("false");
            foreach (var container in pod.List("containers"))
            {
                container.Text("securityContext.allowPrivilegeEscalation").ShouldBe("false");
                container.Text("securityContext.readOnlyRootFilesystem").ShouldBe("true");
                container.Text("securityContext.capabilities.drop.0").ShouldBe("ALL");
                container.Text("resources.requests.memory").ShouldNotBeNull();
                container.Text("resources.limits.memory").ShouldNotBeNull();
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("everything")]
    public async Task EveryServerIsProbedOnAPortThatItHas(string? values)
    {
        foreach (
            var container in (await PodsAsync(values))
                .SelectMany(p => p.List("containers"))
                .Where(c => c.Text("name") != "health")
        )
        {
            var ports = container.List("ports").Select(p => p.Text("name")).ToList();
            foreach (var kind in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
            {
                var probe = container.At(kind).ShouldNotBeNull($"{container.Text("name")} {kind}");
                if (probe.At("httpGet") is { } http)
                {
                    ports.ShouldContain(http.Text("port"));
                }
                else
                {
                    probe.Text("exec.command.0").ShouldBe("pg_isready");
                }
            }
        }
    }

    [Fact]
    public async Task PasswordsAndTokensAreFilesFromSecretsAndNeverVariables()
    {
        foreach (var pod in await PodsAsync("everything"))
        {
            var volumes = pod.List("volumes")
                .Where(v => v.At("secret") is not null)
                .Select(v => v.Text("name"))
                .ToList();
            foreach (var container in pod.List("containers"))
            {
                container
                    .List("env")
                    .Where(e => e.Text("name")!.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase))
                    .ShouldAllBe(e =>
                        e.Text("name")!.EndsWith("File", StringComparison.OrdinalIgnoreCase)
                        && e.Text("value") == "/run/secrets/postgres/password"
                    );
                container.Objects().Where(o => o.ContainsKey("secretKeyRef")).ShouldBeEmpty();
                container
                    .List("volumeMounts")
                    .Where(m => volumes.Contains(m.Text("name")))
                    .ShouldAllBe(m => m.Text("readOnly") == "true");
            }
        }

        var gateway = (await PodsAsync("everything")).Single(p => p.Text("containers.0.name") == "gateway");
        gateway.List("volumes").Single(v => v.Text("name") == "tokens").Text("secret.secretName").ShouldBe("who");
        gateway.List("volumes").Single(v => v.Text("name") == "tokens").Text("secret.items.0.key").ShouldBe("people");
        Setting(gateway, "Layerbench__Tokens").ShouldBe("/run/secrets/tokens/tokens");
    }

    [Theory]
    [InlineData(null, "Host=trial-postgres;Port=5432;Database=layerbench;Username=layerbench;SSL Mode=Disable")]
    [InlineData(
        "gpu",
        "Host=db.example.org;Port=5432;Database=layerbench;Username=layerbench;SSL Mode=VerifyFull;"
            + "Root Certificate=/run/secrets/postgres-ca/ca.crt"
    )]
    [InlineData("everything", "Host=bench-postgres;Port=5432;Database=results;Username=bench;SSL Mode=Prefer")]
    public async Task SilosAndGatewaysGoToTheSameDatabaseAndCluster(string? values, string connection)
    {
        var ours = (await PodsAsync(values)).Where(p => p.Text("containers.0.name") is "silo" or "gateway").ToList();

        ours.Count.ShouldBe(2);
        ours.Select(p => Setting(p, "Layerbench__Postgres")).ShouldAllBe(c => c == connection);
        ours.Select(p => Setting(p, "Layerbench__ClusterId")).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task TheAuthorityOfTheDatabaseIsAFileWhereTheConnectionNamesIt()
    {
        var ours = (await PodsAsync("gpu")).Where(p => p.Text("containers.0.name") is "silo" or "gateway").ToList();

        ours.Count.ShouldBe(2);
        foreach (var pod in ours)
        {
            var secret = pod.List("volumes").Single(v => v.Text("name") == "postgres-ca").At("secret");
            (secret.Text("secretName"), secret.Text("items.0.key"), secret.Text("items.0.path")).ShouldBe(
                ("postgres-ca", "ca.crt", "ca.crt")
            );
            var mount = pod.List("containers.0.volumeMounts").Single(m => m.Text("name") == "postgres-ca");
            Setting(pod, "Layerbench__Postgres")!.ShouldEndWith($"Root Certificate={mount.Text("mountPath")}/ca.crt");
        }
    }

    [Theory]
    [InlineData("everything", "configMap.name", "/plug-ins/mix_mean.py", "/plug-ins/My.Variants.dll")]
    [InlineData("gpu", "persistentVolumeClaim.claimName", "/plug-ins/mix_mean.py")]
    public async Task PlugInsAreFilesThatSilosReadAndLoad(string values, string source, params string[] files)
    {
        var pod = await SiloAsync(values);

        files.Select((_, i) => Setting(pod, $"Layerbench__PlugIns__{i}")).ShouldBe(files);
        pod.List("volumes").Single(v => v.Text("name") == "plug-ins").Text(source).ShouldBe("plug-ins");
        var mount = pod.List("containers.0.volumeMounts").Single(m => m.Text("name") == "plug-ins");
        (mount.Text("mountPath"), mount.Text("readOnly")).ShouldBe(("/plug-ins", "true"));
    }

    [Fact]
    public async Task WithoutPlugInsNothingIsMountedForThem()
    {
        var pod = await SiloAsync(null);

        pod.List("volumes").ShouldNotContain(v => v.Text("name") == "plug-ins");
        pod.List("containers.0.env")
            .ShouldNotContain(e => e.Text("name")!.StartsWith("Layerbench__PlugIns", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AGatewayWithACertificateSpeaksHttpsAndIsAskedSo()
    {
        var gateway = (await PodsAsync("everything")).Single(p => p.Text("containers.0.name") == "gateway");

        Setting(gateway, "ASPNETCORE_URLS").ShouldBe("https://+:8080");
        Setting(gateway, "Kestrel__Certificates__Default__KeyPath").ShouldBe("/run/secrets/tls/tls.key");
        gateway.Text("containers.0.readinessProbe.httpGet.scheme").ShouldBe("HTTPS");
    }

    [Fact]
    public async Task SilosAndGatewaysHaveTheClustersCertificatesAsFilesOfOneSecret()
    {
        var ours = (await PodsAsync("everything"))
            .Where(p => p.Text("containers.0.name") is "silo" or "gateway")
            .ToList();

        ours.Count.ShouldBe(2);
        foreach (var pod in ours)
        {
            Setting(pod, "Layerbench__Tls__Certificate").ShouldBe("/run/secrets/cluster/tls.crt");
            Setting(pod, "Layerbench__Tls__Key").ShouldBe("/run/secrets/cluster/tls.key");
            Setting(pod, "Layerbench__Tls__Authority").ShouldBe("/run/secrets/cluster/ca.crt");
            pod.List("volumes")
                .Single(v => v.Text("name") == "cluster-tls")
                .Text("secret.secretName")
                .ShouldBe("cluster-tls");
            pod.List("containers.0.volumeMounts")
                .Single(m => m.Text("name") == "cluster-tls")
                .Text("mountPath")
                .ShouldBe("/run/secrets/cluster");
        }

        (await PodsAsync(null))
            .SelectMany(p => p.List("containers.0.env"))
            .ShouldAllBe(e => !e.Text("name")!.StartsWith("Layerbench__Tls__", StringComparison.Ordinal));
    }

    /// <summary>The value of a variable of a pod's first container.</summary>
    private static string? Setting(JsonNode pod, string name) =>
        pod.List("containers.0.env").Single(e => e.Text("name") == name).Text("value");

    private static async Task<JsonNode> SiloAsync(string? values) =>
        (await PodsAsync(values)).Single(p => p.Text("containers.0.name") == "silo");

    private static async Task<IReadOnlyList<JsonNode>> PodsAsync(string? values) =>
        [
            .. Yaml.ReadAll(await Renderer.ManifestsAsync(values))
                .Select(RenderTests.PodOf)
                .OfType<JsonNode>()
                .Select(p => p.At("spec")!),
        ];
}
