using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Images;

/// <summary><c>eng/require-full</c>, by which an image is whole or not made.</summary>
public sealed class FullEditionTests
{
    private static readonly string[] page = ["report.js", "live/live.js.gz", "live/live.css.gz", "live/index.html.gz"];

    [Theory]
    [InlineData("Orleans", "the package feed lacks Orleans;")]
    [InlineData("OrleansTls PrometheusExporter", "the package feed lacks OrleansTls PrometheusExporter;")]
    [InlineData("TorchSharp", "the package feed lacks TorchSharp;")]
    public async Task AReducedEditionIsRefusedByWhatItLacks(string missing, string words)
    {
        using var tree = new ScratchFolder();

        var said = await RequireAsync(tree, missing, page);

        said.ExitCode.ShouldBe(1);
        said.Error.ShouldStartWith($"eng/require-full: {words}");
    }

    [Fact]
    public async Task TheFullEditionWithItsPageIsTaken()
    {
        using var tree = new ScratchFolder();

        (await RequireAsync(tree, missing: "", page, "--page")).ShouldSucceed().Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task APageThatCouldNotBeBuiltIsRefusedWithTheReason()
    {
        using var tree = new ScratchFolder();

        var said = await RequireAsync(tree, missing: "", ["missing.txt"], "--page");

        said.ExitCode.ShouldBe(1);
        said.Error.ShouldBe("eng/require-full: no figures and no live page: content of missing.txt\n");
        (await RequireAsync(tree, missing: "", [])).ShouldSucceed();
    }

    [Theory]
    [InlineData("report.js")]
    [InlineData("live/live.js.gz")]
    [InlineData("live/index.html.gz")]
    public async Task APageOfWhichAFileIsMissingIsRefused(string file)
    {
        using var tree = new ScratchFolder();

        var said = await RequireAsync(tree, missing: "", page.Except([file]), "--page");

        said.ExitCode.ShouldBe(1);
        said.Error.ShouldEndWith($"report-app/{file}; build Client/Report with node and npm there\n");
    }

    [Fact]
    public async Task WhatTheFeedHasMustHaveBeenAsked()
    {
        using var tree = new ScratchFolder();
        tree.Copy("eng/require-full");

        var said = await Tool.RunAsync(Path.Combine(tree.Path, "eng", "require-full"), []);

        said.ExitCode.ShouldBe(1);
        said.Error.ShouldEndWith("artifacts/features.props; run eng/probe-feed\n");
    }

    private static Task<Said> RequireAsync(
        ScratchFolder tree,
        string missing,
        IEnumerable<string> built,
        params string[] arguments
    )
    {
        tree.Copy("eng/require-full");
        tree.Write("artifacts/features.props", $"    <LayerbenchMissing>{missing}</LayerbenchMissing>\n");
        foreach (var file in built)
        {
            tree.Write($"artifacts/report-app/{file}", $"content of {file}\n");
        }

        return Tool.RunAsync(Path.Combine(tree.Path, "eng", "require-full"), arguments);
    }
}
