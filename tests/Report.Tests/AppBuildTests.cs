using System.Diagnostics;
using Layerbench.Tests.Shared;

namespace Layerbench.Report.Tests;

/// <summary>The script that the build makes the page's script with, where it cannot.</summary>
public sealed class AppBuildTests : IDisposable
{
    private static readonly string[] tools = ["mkdir", "rm", "dirname", "flock", "cp", "cmp", "grep", "tail", "touch"];

    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WithoutNodeItSaysWhyAndTheBuildGoesOn()
    {
        var bin = Directory.CreateDirectory(folder["bin"]).FullName;
        foreach (var tool in tools)
        {
            File.CreateSymbolicLink(Path.Combine(bin, tool), $"/usr/bin/{tool}");
        }

        var (code, said) = await BuildAsync(("PATH", bin));

        code.ShouldBe(0, said);
        said.ShouldStartWith(
            "layerbench: report.html will be without charts, and there will be no live page: node and npm were not there"
        );
        (await ReadAsync("missing.txt")).ShouldBe(
            "node and npm were not there when this was built; install the packages nodejs and npm\n"
        );
        File.Exists(folder["out/report.js"]).ShouldBeFalse();
    }

    [Fact]
    public async Task WithoutARegistryItSaysWhyAndTheBuildGoesOn()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(p => File.Exists(Path.Combine(p, "npm"))),
            "there is no npm here; install the packages nodejs and npm"
        );

        var (code, said) = await BuildAsync(
            ("npm_config_registry", "http://127.0.0.1:9/"),
            ("npm_config_cache", folder["cache"])
        );

        code.ShouldBe(0, said);
        (await ReadAsync("missing.txt")).ShouldStartWith("npm could not fetch the packages when this was built: ");
        File.Exists(folder["out/built.stamp"]).ShouldBeFalse("the next build is to try again");
    }

    private async Task<(int Code, string Said)> BuildAsync(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(
            "/bin/bash",
            [Checkout.File("Client", "Report", "app", "build"), folder["out"]]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    private Task<string> ReadAsync(string file) =>
        File.ReadAllTextAsync(Path.Combine(folder["out"], file), TestContext.Current.CancellationToken);
}
