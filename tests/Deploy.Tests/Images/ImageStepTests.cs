using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Images;

/// <summary>The images' stages, run step by step where there is no container engine.</summary>
public sealed class ImageStepTests
{
    /// <summary>What an image must be built of, and this feed or machine may lack.</summary>
    private static string Missing { get; } =
        File.ReadLines(Repository.At("artifacts", "features.props"))
            .Select(l => l.Trim())
            .Single(l => l.StartsWith("<LayerbenchMissing>", StringComparison.Ordinal))
            .Replace("<LayerbenchMissing>", "", StringComparison.Ordinal)
            .Replace("</LayerbenchMissing>", "", StringComparison.Ordinal);

    [Fact]
    public async Task TheGatewaysStagesMakeAProgramWithItsPageThatRefusesBadSettings()
    {
        Tool.Need("node", "apt-get install nodejs");
        Tool.Need("npm", "apt-get install npm");
        NeedFullEdition();
        var noPage = Repository.At("artifacts", "report-app", "missing.txt");
        Assert.SkipWhen(File.Exists(noPage), $"the page cannot be built here; {noPage} says why");
        var steps = new ImageSteps("gateway");

        var said = await steps.RunAsync("gateway");

        said.Count.ShouldBe(2);
        await ShouldRefuseAsync(steps, "gateway", "gateway");
        var resources = Resources(Path.Combine(steps.App, "Layerbench.Report.dll"));
        resources.ShouldContain("report.js");
        resources.ShouldContain("live/index.html.gz");
        resources.ShouldNotContain("missing.txt");
    }

    [Fact]
    public async Task TheSilosStagesMakeAProgramWithItsWorkerThatRefusesBadSettings()
    {
        NeedFullEdition();
        var steps = new ImageSteps("silo");

        var said = await steps.RunAsync("silo");

        said.Count.ShouldBe(3);
        await ShouldRefuseAsync(steps, "silo", "silo");
        File.Exists(Path.Combine(steps.App, "workers", "torchsharp", "Layerbench.Worker.dll")).ShouldBeTrue();
    }

    private static void NeedFullEdition() =>
        Assert.SkipWhen(
            Missing.Length > 0,
            $"the package feed lacks {Missing}, and images are of the full edition only"
        );

    /// <summary>Runs what the image would, with the setting that the workflow's images are tried with.</summary>
    private static async Task ShouldRefuseAsync(ImageSteps steps, string name, string target)
    {
        var file = new Dockerfile(name);
        var program = JsonSerializer.Deserialize<string[]>(
            file.Stages.Single(s => s.Name == target).Last("ENTRYPOINT", file)!
        )!;

        var said = await Tool.RunAsync(program[0], [.. program[1..], "--Layerbench:ClusterId="], steps.App);

        said.ExitCode.ShouldBe(2, said.Error);
        said.Error.ShouldContain("ClusterId: is empty");
    }

    private static IReadOnlyList<string> Resources(string library)
    {
        using var reader = new PEReader(File.OpenRead(library));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.ManifestResources.Select(r => metadata.GetString(metadata.GetManifestResource(r).Name))];
    }
}
