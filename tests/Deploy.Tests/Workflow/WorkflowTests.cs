using System.Text.RegularExpressions;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Workflow;

/// <summary>The workflow of continuous integration, where nobody runs it.</summary>
public partial class WorkflowTests
{
    [Fact]
    public async Task ItsStepsAreCommandsThatAShellCanReadAndNameFilesThatAreThere()
    {
        var bash = Tool.Need("bash", "apt-get install bash");
        var commands = Yaml.ReadFile(".github", "workflows", "ci.yaml")
            .Objects()
            .Select(o => o.Text("run"))
            .OfType<string>()
            .ToList();

        commands.Count.ShouldBeGreaterThan(10);
        commands.ShouldContain(".ci/run");
        foreach (var command in commands)
        {
            (await Tool.RunAsync(bash, ["-n", "-c", Expression().Replace(command, "silo")])).ShouldSucceed();
            foreach (Match path in OwnPath().Matches(Expression().Replace(command, "silo")))
            {
                if (!path.Value.Contains('$', StringComparison.Ordinal))
                {
                    Path.Exists(Repository.At(path.Value)).ShouldBeTrue(path.Value);
                }
            }
        }
    }

    [Fact]
    public void WhatWasNotRunSaysSo()
    {
        var jobs = File.ReadAllText(Repository.At(".github", "workflows", "ci.yaml")).Split("\njobs:\n")[1];

        foreach (var job in new[] { "chart", "images", "smoke", "publish", "release" })
        {
            jobs.ShouldContain($"  # NOT RUN where it was written.\n  {job}:\n");
        }
    }

    [Fact]
    public void AReleaseHasTheCommandTheChartAndTheImagesThatTheChartNames()
    {
        var jobs = Yaml.ReadFile(".github", "workflows", "ci.yaml").At("jobs");
        var release = string.Join('\n', jobs.At("release").Objects().Select(o => o.Text("run")).OfType<string>());
        var publish = string.Join('\n', jobs.At("publish").Objects().Select(o => o.Text("run")).OfType<string>());

        release.ShouldContain("dotnet pack Client/Cli -c Release -o packages");
        release.ShouldContain("helm package chart/layerbench -d packages");
        release.ShouldContain("gh release create \"$GITHUB_REF_NAME\"");
        release.TrimEnd().ShouldEndWith("packages/*");
        // Where the images go is where the released chart looks for them.
        const string registry = "ghcr.io/${GITHUB_REPOSITORY,,}";
        release.ShouldContain($"eng/release-chart chart \"{registry}\"");
        publish.ShouldContain("docker buildx build --push ");
        publish.ShouldContain($"-t \"{registry}/${{{{ matrix.tag }}}}:${{GITHUB_REF_NAME#v}}\"");
        var built = jobs.List("publish.strategy.matrix.include").Select(i => i.Text("tag")).ToList();
        var values = Yaml.ReadFile("helm", "layerbench", "values.yaml");
        built.ShouldContain(values.Text("silo.image"));
        built.ShouldContain(values.Text("silo.cudaImage"));
        built.ShouldContain(values.Text("gateway.image"));
        built.ShouldBe(jobs.List("images.strategy.matrix.include").Select(i => i.Text("tag")));
    }

    [GeneratedRegex(@"\$\{\{[^}]*\}\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Expression();

    /// <summary>A path of this repository, as far as it has no variable.</summary>
    [GeneratedRegex(
        @"(?<![\w/.-])(deploy|helm|tests|eng|\.ci)/[\w./$-]+",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex OwnPath();
}
