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
        (
            await File.ReadAllLinesAsync(Path.Combine(folder.Path, "notes"), TestContext.Current.CancellationToken)
        ).ShouldContain("helm install trial helm/layerbench -n bench");
    }

    /// <summary>The block of commands that follows a line of the docs.</summary>
    private async Task<Said> PasteAsync(ScratchFolder folder, string after)
    {
        var bash = Tool.Need("bash", "apt-get install bash");
        Tool.Need("openssl", "apt-get install openssl");
        var docs = await File.ReadAllTextAsync(Repository.At("docs", "operations.md"));
        var block = docs[docs.IndexOf(after, StringComparison.Ordinal)..].Split("```\n")[1];
        var others = Path.Combine(folder.Path, "others");
        foreach (var program in new[] { "kubectl", "helm" })
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
