using System.Text.Json;

namespace Layerbench.Deploy.Tests.Tools;

/// <summary>The checks of <c>npm/</c>, which know the types of Kubernetes and Grafana and the grammar of PromQL.</summary>
internal static class NpmChecks
{
    private static readonly Lazy<Task<string?>> installed = new(InstallAsync);

    private static string Home { get; } = Path.Combine(Repository.Checks, "npm");

    /// <summary>Runs a check with its input in a file, and gives its standard output.</summary>
    public static async Task<Said> RunAsync(string check, object input)
    {
        Tool.Need("node", "apt-get install nodejs");
        Tool.Need("npm", "apt-get install npm");
        var missing = await installed.Value;
        Assert.SkipWhen(missing is not null, $"npm could not install the checks' packages: {missing}");
        using var scratch = new ScratchFolder();
        var file = scratch.Write("input.json", JsonSerializer.Serialize(input));
        return await Tool.RunAsync("node", [Path.Combine(Home, check), file], Home);
    }

    /// <summary>Null where the packages are there, else the last line of what npm said.</summary>
    private static async Task<string?> InstallAsync()
    {
        Directory.CreateDirectory(Home);
        var source = Repository.At("tests", "Deploy.Tests", "npm");
        foreach (var script in Directory.GetFiles(source, "*.mjs"))
        {
            File.Copy(script, Path.Combine(Home, Path.GetFileName(script)), overwrite: true);
        }

        var wanted = await File.ReadAllTextAsync(Path.Combine(source, "package.json"));
        var stamp = Path.Combine(Home, "installed.json");
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
        {
            return null;
        }

        await File.WriteAllTextAsync(Path.Combine(Home, "package.json"), wanted);
        var said = await Tool.RunAsync(
            "npm",
            ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error"],
            Home
        );
        if (said.ExitCode != 0)
        {
            return said.Error.Trim().Split('\n').LastOrDefault() ?? $"exit code {said.ExitCode}";
        }

        await File.WriteAllTextAsync(stamp, wanted);
        return null;
    }
}
