using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Images;

/// <summary>Which files a build of the images sees.</summary>
public sealed class DockerIgnoreTests
{
    private static readonly DockerIgnore ours = new(File.ReadLines(Repository.At(".dockerignore")));

    [Theory]
    [InlineData("artifacts/bin/x.dll")]
    [InlineData("Client/Report/app/node_modules/a/b.js")]
    [InlineData("Silo/Worker.PyTorch/__pycache__/a.pyc")]
    [InlineData(".git")]
    [InlineData("tests/Deploy.Tests/npm/package.json")]
    [InlineData("deploy/compose/secrets/tokens")]
    [InlineData("deploy/compose/.env")]
    [InlineData("results/mine/layerbench.db")]
    public void WhatWasBuiltOrIsSecretIsNotSeen(string path) => ours.Ignores(path).ShouldBeTrue();

    [Theory]
    [InlineData("Client/Gateway/Program.cs")]
    [InlineData("Client/Cli/Views/ResultsView.cs")]
    [InlineData("deploy/images/health")]
    [InlineData("eng/require-full")]
    [InlineData(".editorconfig")]
    [InlineData("README.md")]
    public void SourcesAreSeen(string path) => ours.Ignores(path).ShouldBeFalse();

    [Fact]
    public void TheLastRuleThatMatchesDecides()
    {
        var rules = new DockerIgnore(["# all but one", "docs", "!docs/keep.md", "**/*.tmp", "a?c"]);

        rules.Ignores("docs/other.md").ShouldBeTrue();
        rules.Ignores("docs/keep.md").ShouldBeFalse();
        rules.Ignores("x/y.tmp").ShouldBeTrue();
        rules.Ignores("x/y.tmp2").ShouldBeFalse();
        (rules.Ignores("abc"), rules.Ignores("a/c"), rules.Ignores("x/abc")).ShouldBe((true, false, false));
    }
}
