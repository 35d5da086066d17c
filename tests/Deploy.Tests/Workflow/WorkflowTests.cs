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

        foreach (var job in new[] { "chart", "images", "smoke", "release" })
        {
            jobs.ShouldContain($"  # NOT RUN where it was written.\n  {job}:\n");
        }
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
