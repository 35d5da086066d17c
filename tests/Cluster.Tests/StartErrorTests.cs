namespace Layerbench.Cluster.Tests;

/// <summary>Settings that no program can start with: one line, exit code 2, no stack.</summary>
public sealed class StartErrorTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("layerbench-start-").FullName;

    [Fact]
    public async Task ASettingsFileThatIsNoJsonIsNamedWithItsLine()
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "appsettings.json"),
            "{\n  \"Layerbench\": {\n    \"Node\": \"a\"\n"
        );
        using var silo = SiloProcess.Start($"--contentRoot={folder}");
        using var gateway = SiloProcess.StartGateway($"--contentRoot={folder}");

        foreach (var process in (SiloProcess[])[silo, gateway])
        {
            (await process.ExitAsync()).ShouldBe(2, process.Output);
            process.Output.ShouldContain($"Failed to load configuration from file '{folder}/appsettings.json'.");
            process.Output.ShouldContain("LineNumber: 3");
            process.Output.ShouldNotContain("   at ");
        }
    }

    [Theory]
    [InlineData("https://127.0.0.1:0", "", "Unable to configure HTTPS endpoint")]
    [InlineData("https://127.0.0.1:0", "not a certificate", "certificate")]
    [InlineData("nonsense", "", "nonsense")]
    public async Task AnAddressOrCertificateThatIsNoneIsOneError(string url, string certificate, string words)
    {
        var file = Path.Combine(folder, "web.pem");
        await File.WriteAllTextAsync(file, certificate);

        using var gateway = SiloProcess.StartGateway([
            $"--urls={url}",
            $"--Layerbench:Data={folder}",
            $"--Layerbench:Silos:0=127.0.0.1:{TestCluster.FreePort()}",
            .. certificate.Length > 0 ? [$"--Kestrel:Certificates:Default:Path={file}"] : (string[])[],
        ]);

        (await gateway.ExitAsync().WaitAsync(Wait.Deadline)).ShouldBe(2, gateway.Output);
        gateway.Output.ShouldContain(words);
        gateway.Output.ShouldNotContain("   at ");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
