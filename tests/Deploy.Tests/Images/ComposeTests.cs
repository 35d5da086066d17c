using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Images;

/// <summary>The Compose stack, where nothing can run it.</summary>
public partial class ComposeTests
{
    private static string Folder { get; } = Repository.At("deploy", "compose");

    private static JsonNode Stack { get; } = Yaml.ReadFile("deploy", "compose", "compose.yaml");

    [Fact]
    public void TheStackIsADatabaseTwoSilosAGatewayPrometheusAndGrafana() =>
        Stack
            .At("services")!
            .AsObject()
            .Select(s => s.Key)
            .ShouldBe(["postgres", "silo-a", "silo-b", "gateway", "prometheus", "grafana"]);

    [Fact]
    public void WhatIsBuiltNamesADockerfileAndAStageOfIt()
    {
        var builds = Services().Where(s => s.Service.At("build") is not null).ToList();

        builds.Select(b => b.Name).ShouldBe(["silo-a", "gateway"]);
        foreach (var (name, service) in builds)
        {
            Path.GetFullPath(Path.Combine(Folder, service.Text("build.context")!)).ShouldBe(Repository.Root);
            var dockerfile = service.Text("build.dockerfile")!;
            File.Exists(Repository.At(dockerfile)).ShouldBeTrue(dockerfile);
            if (service.At("build.target") is { } target)
            {
                new Dockerfile("silo").Stages.Select(s => s.Name).ShouldContain(WithDefaults(target.ToString()), name);
            }
        }
    }

    /// <summary>Two builds of one tag, at once, fail one another ("already exists").</summary>
    [Fact]
    public void AnImageIsBuiltOnceAndWhatBuildsNoneNeverAsksARegistryForIt()
    {
        var builds = Services().Where(s => s.Service.At("build") is not null).Select(s => Image(s.Service)).ToList();

        builds.ShouldBeUnique();
        var silo = Stack.At("services.silo-b")!;
        builds.ShouldContain(Image(silo));
        silo.Text("pull_policy").ShouldBe("never");
    }

    [Fact]
    public void WhatIsMountedIsThereOrIsAVolumeOrASecret()
    {
        var mounts = Services()
            .SelectMany(s => s.Service.List("volumes"))
            .Select(v => v.ToString().Split(':')[0])
            // SecretsScriptTests has these.
            .Where(v => !v.StartsWith("./secrets/", StringComparison.Ordinal))
            .ToList();
        var volumes = Stack.At("volumes")!.AsObject().Select(v => v.Key).ToList();

        mounts.Count.ShouldBeGreaterThan(6);
        mounts.Where(m => !volumes.Contains(m) && !Path.Exists(Path.Combine(Folder, m))).ShouldBeEmpty();
        Services()
            .SelectMany(s => s.Service.List("secrets"))
            .Select(s => s.ToString())
            .ShouldBeSubsetOf(Stack.At("secrets")!.AsObject().Select(s => s.Key));
    }

    [Fact]
    public void ImagesArePinnedAndPortsAreThisMachinesAlone()
    {
        Services()
            .Select(s => s.Service.Text("image")!)
            .Where(image => !image.StartsWith("layerbench-", StringComparison.Ordinal))
            .ShouldAllBe(image => Pinned().IsMatch(image));
        var ports = Services().SelectMany(s => s.Service.List("ports")).Select(p => p.ToString()).ToList();
        ports.Count.ShouldBe(3);
        ports.ShouldAllBe(p => p.StartsWith("127.0.0.1:", StringComparison.Ordinal));
    }

    [Fact]
    public void NoSecretStandsInTheStackOrItsExampleOfSettings()
    {
        var settings = Services().SelectMany(s => s.Service.Texts("environment")).ToList();

        settings.Count.ShouldBeGreaterThan(20);
        settings
            .Where(s => Secret().IsMatch(s.Key) && !s.Value.StartsWith("/run/secrets/", StringComparison.Ordinal))
            .ShouldBeEmpty();
        File.ReadLines(Path.Combine(Folder, "env.example")).ShouldNotContain(l => l[0] != '#' && Secret().IsMatch(l));
    }

    [Fact]
    public void TheExampleOfSettingsHasEverySettingWithItsDefault()
    {
        var asked = Setting()
            .Matches(File.ReadAllText(Path.Combine(Folder, "compose.yaml")))
            .Select(m => $"{m.Groups["name"].Value}={m.Groups["default"].Value}")
            .Distinct();

        File.ReadLines(Path.Combine(Folder, "env.example"))
            .Where(l => !l.StartsWith('#'))
            .ShouldBe(asked, ignoreOrder: true);
    }

    [Fact]
    public void SilosHaveAddressesAndCpusOfTheirOwnAndNothingElseNeedWorkOnThose()
    {
        var silos = Services()
            .Where(s => s.Name.StartsWith("silo-", StringComparison.Ordinal))
            .Select(s => s.Service)
            .ToList();

        silos.Select(s => WithDefaults(s.Text("cpuset")!)).ShouldBe(["0", "1"]);
        foreach (var silo in silos)
        {
            silo.Text("networks.inside.ipv4_address").ShouldBe(silo.Text("environment.Layerbench__Address"));
        }

        silos.Select(s => s.Text("environment.Layerbench__Address")).Distinct().Count().ShouldBe(2);
        Services()
            .Where(s => !s.Name.StartsWith("silo-", StringComparison.Ordinal))
            .ShouldAllBe(s => s.Service.Text("cpuset") == "${OTHER_CPUS:-}");
    }

    /// <summary>A target that is looked up is dropped, and never down, when its container is gone.</summary>
    [Fact]
    public void PrometheusIsToldWhomToScrapeAndSoMissesThem()
    {
        var jobs = Yaml.ReadFile("deploy", "prometheus", "prometheus.yaml").List("scrape_configs");

        jobs.Select(j => j.Text("job_name")).ShouldBe(["layerbench-silo", "layerbench-gateway"]);
        jobs.SelectMany(j => j.List("static_configs.0.targets"))
            .Select(t => t.ToString())
            .ShouldBe(["silo-a:8081", "silo-b:8081", "gateway:8080"]);
    }

    [Fact]
    public void TheEncryptedStackGivesSilosAndTheGatewayTheirCertificatesAsSecrets()
    {
        var encrypted = Yaml.ReadFile("deploy", "compose", "compose.tls.yaml");
        var services = encrypted.At("services")!.AsObject();
        var secrets = encrypted.At("secrets")!.AsObject().Select(s => s.Key).ToList();

        services.Select(s => s.Key).ShouldBe(["silo-a", "silo-b", "gateway"]);
        foreach (var (_, service) in services)
        {
            service
                .Texts("environment")
                .ShouldBe(
                    new Dictionary<string, string>
                    {
                        ["Layerbench__Tls__Certificate"] = "/run/secrets/cluster_certificate",
                        ["Layerbench__Tls__Key"] = "/run/secrets/cluster_key",
                        ["Layerbench__Tls__Authority"] = "/run/secrets/cluster_authority",
                    },
                    ignoreOrder: true
                );
            service.List("secrets").Select(s => s.ToString()).ShouldBe(secrets, ignoreOrder: true);
        }
    }

    private static IEnumerable<(string Name, JsonNode Service)> Services() =>
        Stack.At("services")!.AsObject().Select(s => (s.Key, s.Value!));

    private static string Image(JsonNode service) => service.Text("image")!;

    private static string WithDefaults(string text) => Setting().Replace(text, "${default}");

    [GeneratedRegex(
        @"\$\{(?<name>\w+):-(?<default>[^}]*)\}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Setting();

    [GeneratedRegex("password|secret|token", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();

    [GeneratedRegex(@":v?\d+\.\d+(?:\.\d+)?$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pinned();
}
