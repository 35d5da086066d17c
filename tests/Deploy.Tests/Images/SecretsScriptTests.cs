using System.Security.Cryptography;
using System.Text;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Images;

/// <summary>make-secrets.sh, run for real into a folder of the test's.</summary>
public class SecretsScriptTests
{
    [Fact]
    public async Task EverySecretThatTheStackReadsIsMade()
    {
        using var scratch = new ScratchFolder();

        await MakeAsync(scratch.Path);

        var stack = Yaml.ReadFile("deploy", "compose", "compose.yaml");
        var read = stack["secrets"]!.AsObject().Select(s => Path.GetFileName(s.Value.Text("file")!));
        Directory.GetFiles(scratch.Path).Select(Path.GetFileName).ShouldBe(read, ignoreOrder: true);
        // Tokens are mounted as a folder, so that the gateway sees a file that was put in another's place.
        stack.List("services.gateway.volumes").Single().ToString().ShouldBe("./secrets/tokens:/run/secrets/tokens:ro");
        Directory
            .GetFileSystemEntries(Path.Combine(scratch.Path, "tokens"))
            .Select(Path.GetFileName)
            .ShouldBe(["tokens"]);
        stack.Text("services.gateway.environment.Layerbench__Tokens").ShouldBe("/run/secrets/tokens/tokens");
    }

    [Fact]
    public async Task EveryCertificateThatTheEncryptedStackReadsIsMadeOnceForServersAndClients()
    {
        using var scratch = new ScratchFolder();

        await MakeAsync(scratch.Path, "make-certificates.sh");
        var before = await Contents(scratch);
        await MakeAsync(scratch.Path, "make-certificates.sh");

        var read = Yaml.ReadFile("deploy", "compose", "compose.tls.yaml")["secrets"]!
            .AsObject()
            .Select(s => Path.GetFileName(s.Value.Text("file")!));
        Directory.GetFiles(scratch.Path).Select(Path.GetFileName).ShouldBe(read, ignoreOrder: true);
        (await Contents(scratch)).ShouldBe(before);
        var certificate = Path.Combine(scratch.Path, "cluster_certificate");
        foreach (var purpose in new[] { "sslserver", "sslclient" })
        {
            var said = await Tool.RunAsync(
                "openssl",
                ["verify", "-purpose", purpose, "-CAfile", Path.Combine(scratch.Path, "cluster_authority"), certificate]
            );
            said.ShouldSucceed().Output.Trim().ShouldBe($"{certificate}: OK");
        }
    }

    [Fact]
    public async Task TheTokenThatIsShownIsTheAdministratorsAndTheFileHasItsHashAlone()
    {
        using var scratch = new ScratchFolder();

        var said = await MakeAsync(scratch.Path);

        var token = said.Output.Trim().Split('\n')[^1];
        token.Length.ShouldBe("lbt_".Length + 43);
        var lines = await Lines(scratch, "tokens/tokens");
        var metrics = await Lines(scratch, "metrics_token");
        lines.ShouldBe([$"admin admin never {HashOf(token)}", $"prometheus view never {HashOf(metrics[0])}"]);
    }

    [Fact]
    public async Task OnlyTheOwnerGetsIntoTheFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("file modes are Unix's");
            return;
        }

        using var scratch = new ScratchFolder();

        await MakeAsync(scratch.Path);

        File.GetUnixFileMode(scratch.Path)
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // What a container is given of it, its user must be able to look into.
        File.GetUnixFileMode(Path.Combine(scratch.Path, "tokens"))
            .HasFlag(UnixFileMode.OtherRead | UnixFileMode.OtherExecute)
            .ShouldBeTrue();
    }

    [Fact]
    public async Task WhatIsThereStays()
    {
        using var scratch = new ScratchFolder();
        await MakeAsync(scratch.Path);
        var before = await Contents(scratch);

        var again = await MakeAsync(scratch.Path);

        (await Contents(scratch)).ShouldBe(before);
        again.Output.ShouldBeEmpty();
    }

    private static async Task<Said> MakeAsync(string folder, string script = "make-secrets.sh")
    {
        Tool.Need("openssl", "apt-get install openssl");
        return (await Tool.RunAsync(Repository.At("deploy", "compose", script), [folder])).ShouldSucceed();
    }

    private static Task<string[]> Lines(ScratchFolder scratch, string name) =>
        File.ReadAllLinesAsync(Path.Combine(scratch.Path, name), TestContext.Current.CancellationToken);

    private static async Task<IReadOnlyList<string>> Contents(ScratchFolder scratch)
    {
        List<string> contents = [];
        foreach (
            var file in Directory.GetFiles(scratch.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        )
        {
            contents.Add(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }

        return contents;
    }

    private static string HashOf(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
