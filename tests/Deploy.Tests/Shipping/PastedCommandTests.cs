using System.Security.Cryptography;
using System.Text;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Shipping;

/// <summary>Commands of docs/operations.md, pasted into a shell: our own are real, those of the cluster are noted down.</summary>
public sealed class PastedCommandTests(InstalledCommand command)
{
    /// <summary>Notes its arguments, and fails where a file that it is told to read is not there.</summary>
    private const string Noted = """
        #!/bin/bash
        echo "$(basename "$0") $*" >>"$NOTES"
        for argument; do
          [[ $argument != --from-file=* ]] || cat "${argument##*=}" >/dev/null || exit 1
        done
        """;

    [Fact]
    public async Task TheFirstClusterAndItsMetricsAreMadeAsTheDocsSay()
    {
        using var folder = new ScratchFolder();

        var first = await PasteAsync(folder, after: "### Kubernetes");
        var metrics = await PasteAsync(folder, after: "Gateways want a token of role view");

        // What a person sees once, and the file that a gateway reads.
        var mine = first.Error.Split('\n').Single(l => l.StartsWith("lbt_", StringComparison.Ordinal));
        var scrapers = await File.ReadAllTextAsync(
            Path.Combine(folder.Path, "token"),
            TestContext.Current.CancellationToken
        );
        var lines = await File.ReadAllLinesAsync(
            Path.Combine(folder.Path, "tokens"),
            TestContext.Current.CancellationToken
        );
        lines
            .Select(l => l.Split(' '))
            .Select(l => $"{l[0]} {l[1]} {l[3]}")
            .ShouldBe([$"me admin {HashOf(mine)}", $"prometheus view {HashOf(scrapers)}"]);
        metrics.Error.ShouldNotContain("lbt_");
        var notes = await NotesAsync(folder);
        notes.ShouldContain("docker push registry.example.org/team/layerbench-silo:0.1.0");
        notes.ShouldContain("docker push registry.example.org/team/layerbench-gateway:0.1.0");
        notes.ShouldContain(
            "helm install trial helm/layerbench -n bench --set image.registry=registry.example.org/team"
        );
        notes.ShouldContain(n => n.StartsWith("helm upgrade trial helm/layerbench -n bench", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsScaledWaitedForDumpedAndRestoredIsInTheChartAndInTheStack()
    {
        using var folder = new ScratchFolder();

        await PasteAsync(folder, after: "**Certificates between silos and gateways**");
        await PasteAsync(folder, after: "## Backing up");
        await PasteAsync(folder, after: "Restoring wants all silos and gateways stopped");
        await PasteAsync(folder, after: "In Compose:");

        var notes = await NotesAsync(folder);
        var objects = Yaml.ReadAll(await Renderer.ManifestsAsync(null))
            .Select(m => $"{m.Text("kind")!.ToLowerInvariant()}/{m.Text("metadata.name")}")
            .ToList();
        var scaled = notes.SelectMany(n => n.Split(' ')).Where(w => w.Contains("/trial-", StringComparison.Ordinal));
        scaled.Distinct().ShouldBe(["statefulset/trial-silo", "deployment/trial-gateway"]);
        scaled.ShouldBeSubsetOf(objects);
        objects.ShouldContain("statefulset/trial-postgres");
        notes
            .Where(n => n.StartsWith("kubectl -n bench exec", StringComparison.Ordinal))
            .ShouldBe([
                "kubectl -n bench exec trial-postgres-0 -- pg_dump -U layerbench --format=custom layerbench",
                "kubectl -n bench exec -i trial-postgres-0 -- pg_restore -U layerbench --clean --if-exists --dbname=layerbench",
            ]);
        const string compose = "docker compose -f deploy/compose/compose.yaml";
        notes
            .Where(n => n.StartsWith("docker", StringComparison.Ordinal))
            .ShouldBe([
                $"{compose} exec -T postgres pg_dump -U layerbench --format=custom layerbench",
                $"{compose} stop silo-a silo-b gateway",
                $"{compose} exec -T postgres pg_restore -U layerbench --clean --if-exists --dbname=layerbench",
                $"{compose} start silo-a silo-b gateway",
            ]);
        var stack = Yaml.ReadFile("deploy", "compose", "compose.yaml");
        new[] { "postgres", "silo-a", "silo-b", "gateway" }.ShouldBeSubsetOf(
            stack.At("services")!.AsObject().Select(s => s.Key)
        );
        stack.Text("services.postgres.environment.POSTGRES_USER").ShouldBe("layerbench");
    }

    private static Task<string[]> NotesAsync(ScratchFolder folder) =>
        File.ReadAllLinesAsync(Path.Combine(folder.Path, "notes"), TestContext.Current.CancellationToken);

    /// <summary>The block of commands that follows a line of the docs.</summary>
    private async Task<Said> PasteAsync(ScratchFolder folder, string after)
    {
        var bash = Tool.Need("bash", "apt-get install bash");
        Tool.Need("openssl", "apt-get install openssl");
        var docs = await File.ReadAllTextAsync(Repository.At("docs", "operations.md"));
        var block = docs[docs.IndexOf(after, StringComparison.Ordinal)..].Split("```\n")[1];
        var others = Path.Combine(folder.Path, "others");
        foreach (var program in new[] { "kubectl", "helm", "docker", "pg_dump" })
        {
            var path = folder.Write($"others/{program}", Noted);
            (await Tool.RunAsync("chmod", ["+x", path])).ShouldSucceed();
        }

        var said = await Tool.RunAsync(
            bash,
            ["-euo", "pipefail", "-c", block],
            folder.Path,
            new Dictionary<string, string>
            {
                ["PATH"] = $"{others}:{await command.FolderAsync()}:{Environment.GetEnvironmentVariable("PATH")}",
                ["NOTES"] = Path.Combine(folder.Path, "notes"),
            }
        );
        return said.ShouldSucceed();
    }

    private static string HashOf(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
