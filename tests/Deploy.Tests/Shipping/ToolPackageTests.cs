using System.Text.Json.Nodes;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Shipping;

/// <summary>The command out of its package, away from the checkout.</summary>
public sealed class ToolPackageTests(InstalledCommand command)
{
    [Fact]
    public async Task ItSaysItsVersionAndWhatIsHere()
    {
        using var elsewhere = new ScratchFolder();

        var version = await RunAsync(elsewhere, "--version");
        var doctor = await RunAsync(elsewhere, "doctor", "--json");

        version.ShouldSucceed().Output.ShouldStartWith("0.1.0");
        var said = JsonNode.Parse(doctor.ShouldSucceed().Output);
        said.Text("version")!.ShouldStartWith("0.1.0");
        said.Text("edition").ShouldBeOneOf("full", "reduced");
    }

    [Fact]
    public async Task ItMeasuresASweepAndWritesItsReport()
    {
        using var elsewhere = new ScratchFolder();
        elsewhere.Copy("sweeps/quickstart.yaml");

        var run = await RunAsync(
            elsewhere,
            "run",
            "sweeps/quickstart.yaml",
            "--backend",
            "simulated",
            "--out",
            "results"
        );

        run.ShouldSucceed();
        File.Exists(Path.Combine(elsewhere.Path, "results", "report.html")).ShouldBeTrue(run.Output);
    }

    [Fact]
    public async Task ThePyTorchWorkerIsInside() =>
        Directory
            .GetFiles(await command.FolderAsync(), "*.py", SearchOption.AllDirectories)
            .ShouldContain(f => f.Contains("/workers/pytorch/", StringComparison.Ordinal));

    private async Task<Said> RunAsync(ScratchFolder folder, params string[] arguments) =>
        await Tool.RunAsync(Path.Combine(await command.FolderAsync(), "layerbench"), arguments, folder.Path);
}
