using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Images;

/// <summary>What can be said of the images where none can be built.</summary>
public partial class DockerfileTests
{
    private const string Publish = "dotnet publish ";
    private const string Apt = "apt-get update && apt-get install -y --no-install-recommends ";

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public async Task EveryCommandIsOneThatAShellCanRead(string name)
    {
        var bash = Tool.Need("bash", "apt-get install bash");
        var commands = new Dockerfile(name)
            .Stages.SelectMany(s => s.Instructions.Where(i => i.Word == "RUN").Select(i => i.Rest))
            .ToList();

        commands.Count.ShouldBeGreaterThanOrEqualTo(2);
        foreach (var command in commands)
        {
            (await Tool.RunAsync(bash, ["-n", "-c", command])).ShouldSucceed();
        }
    }

    [Fact]
    public async Task TheLinterFindsNothingInThemAndWhatIsWrongInASpoiltOne()
    {
        var files = Directory.GetFiles(Repository.At("deploy", "images"), "*.Dockerfile");
        files.Length.ShouldBe(2);
        var texts = files.Select(f => new { where = Path.GetFileName(f), text = File.ReadAllText(f) }).ToList();

        var said = await NpmChecks.RunAsync("dockerfiles.mjs", texts);
        var spoilt = await NpmChecks.RunAsync(
            "dockerfiles.mjs",
            texts.Select(t => new { t.where, text = t.text.Replace("EXPOSE 8", "EXPOSE x8", StringComparison.Ordinal) })
        );

        said.ShouldSucceed();
        spoilt.ExitCode.ShouldBe(1);
        spoilt.Error.ShouldContain("gateway.Dockerfile:");
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public void AptBringsWhatIsNamedAloneAndLeavesNoLists(string name)
    {
        var commands = new Dockerfile(name)
            .Stages.SelectMany(Commands)
            .Where(c => c.Contains("apt-get", StringComparison.Ordinal));

        commands.ShouldNotBeEmpty();
        commands.ShouldAllBe(c => c.StartsWith(Apt, StringComparison.Ordinal));
        commands.ShouldAllBe(c => c.Contains(" && rm -rf /var/lib/apt/lists/*", StringComparison.Ordinal));
    }

    /// <summary>Only where the images' own system is: elsewhere packages have other names.</summary>
    [Fact]
    public async Task AptHasWhatIsNamed()
    {
        Assert.SkipUnless(
            File.ReadLines("/etc/os-release").Contains("VERSION_CODENAME=noble"),
            "this is not Ubuntu 24.04, from whose packages the images are made"
        );
        var packages = new[] { "silo", "gateway" }
            .SelectMany(name => new Dockerfile(name).Stages.SelectMany(Commands))
            .Where(c => c.StartsWith(Apt, StringComparison.Ordinal))
            .SelectMany(c => c[Apt.Length..].Split(" && ")[0].Split(' '));

        (await Tool.RunAsync("apt-get", ["install", "--simulate", .. packages])).ShouldSucceed();
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public void BasesArePinnedToAPatchVersion(string name)
    {
        var images = new Dockerfile(name).Bases.Select(s => s.From).Distinct().ToList();

        images.Count.ShouldBe(2);
        images.ShouldAllBe(image => Pinned().IsMatch(image));
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public void WhatIsCopiedIsThere(string name)
    {
        var file = new Dockerfile(name);
        var ignored = new DockerIgnore(File.ReadLines(Repository.At(".dockerignore")));
        var copies = file
            .Stages.SelectMany(s => s.Instructions.Where(i => i.Word == "COPY").Select(i => (Stage: s, i.Rest)))
            .ToList();

        copies.Count.ShouldBeGreaterThanOrEqualTo(3);
        foreach (var (stage, rest) in copies)
        {
            var words = rest.Split(' ');
            if (words.FirstOrDefault(w => w.StartsWith("--from=", StringComparison.Ordinal)) is { } from)
            {
                // An earlier stage.
                file.Stages.TakeWhile(s => s != stage)
                    .Select(s => s.Name)
                    .ShouldContain(from["--from=".Length..], rest);
            }
            else
            {
                var source = words.First(w => !w.StartsWith("--", StringComparison.Ordinal));
                Path.Exists(Repository.At(source)).ShouldBeTrue(rest);
                ignored.Ignores(source).ShouldBeFalse(rest);
            }
        }
    }

    [Theory]
    [InlineData("silo", "silo", "Silo/Host/Layerbench.Silo.csproj", 8081)]
    [InlineData("silo", "silo-pytorch", "Silo/Host/Layerbench.Silo.csproj", 8081)]
    [InlineData("silo", "silo-cuda", "Silo/Host/Layerbench.Silo.csproj", 8081)]
    [InlineData("gateway", "gateway", "Client/Gateway/Layerbench.Gateway.csproj", 8080)]
    public void AnImageThatIsShippedRunsItsProgramAsNobodyWithoutBuildToolsAndIsAskedForItsHealth(
        string name,
        string target,
        string project,
        int port
    )
    {
        var file = new Dockerfile(name);
        var stage = file.Stages.Single(s => s.Name == target);

        stage.Last("USER", file).ShouldBe("$APP_UID");
        file.Base(stage).From.ShouldBe(file.Arguments["RUNTIME"]);
        stage
            .Last("HEALTHCHECK", file)!
            .ShouldEndWith($"CMD [\"/usr/local/bin/health\", \"127.0.0.1\", \"{port}\", \"/health/live\"]");
        stage.Last("EXPOSE", file)!.Split(' ').ShouldContain($"{port}");
        var program = JsonSerializer.Deserialize<string[]>(stage.Last("ENTRYPOINT", file)!)!;
        Assert.SkipUnless(File.Exists(Repository.At(project)), $"there is no {project} in this checkout");
        program.ShouldBe(["dotnet", $"{AssemblyNameOf(project)}.dll"]);
        // What is published is that project, and the folder it was published to is what is copied.
        file.Stages.SelectMany(s => s.Instructions)
            .ShouldContain(i =>
                i.Word == "RUN"
                && i.Rest.StartsWith($"dotnet publish {Path.GetDirectoryName(project)} ", StringComparison.Ordinal)
            );
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public void NothingIsPublishedBeforeTheEditionIsKnownToBeFull(string name)
    {
        var file = new Dockerfile(name);
        var publishing = file.Stages.Where(s => Commands(s).Any(c => c.StartsWith(Publish, StringComparison.Ordinal)));

        publishing.ShouldNotBeEmpty();
        foreach (var stage in publishing)
        {
            var under = file.Stages.FirstOrDefault(s => s.Name == stage.From);
            (under is null ? [] : Commands(under))
                .Concat(Commands(stage))
                .TakeWhile(c => !c.StartsWith(Publish, StringComparison.Ordinal))
                .ShouldContain("eng/probe-feed && eng/require-full", stage.Name);
        }
    }

    [Fact]
    public void TheGatewayIsBuiltWithWhatItsPageIsMadeOfAndNotWithoutThePage()
    {
        var commands = Commands(new Dockerfile("gateway").Stages[0]).ToList();

        var install = commands.FindIndex(c =>
            c.Contains("install -y --no-install-recommends nodejs npm", StringComparison.Ordinal)
        );
        var publish = commands.FindIndex(c => c.StartsWith(Publish, StringComparison.Ordinal));
        install.ShouldBeInRange(0, publish - 1);
        commands[publish].ShouldEndWith(" && eng/require-full --page");
    }

    private static IEnumerable<string> Commands(Stage stage) =>
        stage.Instructions.Where(i => i.Word == "RUN").Select(i => i.Rest);

    private static string AssemblyNameOf(string project) =>
        XDocument.Load(Repository.At(project)).Descendants("AssemblyName").Single().Value;

    [GeneratedRegex(@":\d+\.\d+\.\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pinned();
}
