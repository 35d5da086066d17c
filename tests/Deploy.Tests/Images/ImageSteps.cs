using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Images;

/// <summary>
/// The steps of an image without a container: its stages' commands as they stand, in a copy of what a build sees of the
/// checkout (<c>/src</c>) and with folders in place of <c>/out</c> and <c>/app</c>. What is the base image's, apt's, is left out.
/// </summary>
internal sealed class ImageSteps(string name)
{
    private static readonly Lazy<string> source = new(Seen);

    private readonly Dockerfile file = new(name);

    private static string Home { get; } = Path.Combine(Repository.Checks, "images");

    /// <summary>Where the last stage's <c>/app</c> is.</summary>
    public string App => Path.Combine(Home, name, "app");

    /// <summary>Runs what the stage is made of, stages that it copies from first.</summary>
    /// <returns>What each command said, by the command.</returns>
    public async Task<IReadOnlyList<(string Command, Said Said)>> RunAsync(string target)
    {
        if (Directory.Exists(Path.Combine(Home, name)))
        {
            Directory.Delete(Path.Combine(Home, name), recursive: true);
        }

        Directory.CreateDirectory(App);
        List<(string, Said)> said = [];
        await RunAsync(file.Stages.Single(s => s.Name == target), said, []);
        return said;
    }

    private async Task RunAsync(Stage stage, List<(string, Said)> said, HashSet<string> done)
    {
        if (!done.Add(stage.Name))
        {
            return;
        }

        if (file.Stages.FirstOrDefault(s => s.Name == stage.From) is { } under)
        {
            await RunAsync(under, said, done);
        }

        foreach (var (word, rest) in stage.Instructions)
        {
            if (word == "RUN" && !rest.Contains("apt-get", StringComparison.Ordinal))
            {
                said.Add((rest, (await CommandAsync(stage, rest)).ShouldSucceed()));
            }
            else if (word == "COPY")
            {
                await CopyAsync(rest.Split(' '), said, done);
            }
        }
    }

    private async Task CopyAsync(string[] words, List<(string, Said)> said, HashSet<string> done)
    {
        var paths = words.Where(w => !w.StartsWith("--", StringComparison.Ordinal)).ToList();
        var from = words.FirstOrDefault(w => w.StartsWith("--from=", StringComparison.Ordinal))?["--from=".Length..];
        if (from is not null)
        {
            await RunAsync(file.Stages.Single(s => s.Name == from), said, done);
        }

        var origin = from is null ? Path.Combine(source.Value, paths[0]) : Here(paths[0]);
        Path.Exists(origin).ShouldBeTrue($"COPY {string.Join(' ', words)}: there is no {paths[0]}");
        // What goes into /app; the rest, sources and the health check, stays where it is.
        if (from is not null)
        {
            (
                await Tool.RunAsync(
                    "cp",
                    ["-rl", $"{origin}/.", $"{Directory.CreateDirectory(Path.Combine(App, paths[1]))}"]
                )
            ).ShouldSucceed();
        }
    }

    private Task<Said> CommandAsync(Stage stage, string command)
    {
        var environment = stage
            .Instructions.Where(i => i.Word == "ARG")
            .Select(i => i.Rest.Split('=', 2))
            .ToDictionary(a => a[0], a => a[1], StringComparer.Ordinal);
        // Nobody is left behind, and what the checkout's own build has looked for is not looked for again.
        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["RunAnalyzers"] = "false";
        // As Docker runs it.
        return Tool.RunAsync("/bin/sh", ["-c", Here(command)], source.Value, environment);
    }

    private string Here(string text) => text.Replace("/out", Path.Combine(Home, name, "out"), StringComparison.Ordinal);

    /// <summary>A copy of what a build sees, kept with what was built in it; asked of feed and registry is what was asked already.</summary>
    private static string Seen()
    {
        var folder = Path.Combine(Home, "src");
        new DockerIgnore(File.ReadLines(Repository.At(".dockerignore"))).Copy(
            Repository.Root,
            folder,
            kept: "artifacts"
        );
        var artifacts = Directory.CreateDirectory(Path.Combine(folder, "artifacts")).FullName;
        File.Copy(
            Repository.At("artifacts", "features.props"),
            Path.Combine(artifacts, "features.props"),
            overwrite: true
        );
        return folder;
    }
}
