using Layerbench.Core;
using Layerbench.Engine.Workers;

namespace Layerbench.LocalCluster;

/// <summary>How a silo and a gateway are started: the programs beside this one, or in the repository's build output.</summary>
public sealed record ClusterPrograms(IReadOnlyList<string> Silo, IReadOnlyList<string> Gateway)
{
    /// <param name="missingFeatures">Package families that this build was made without, e.g. <c>Orleans TorchSharp</c>.</param>
    /// <exception cref="BadInputException">This build has none.</exception>
    public static ClusterPrograms Require(string baseFolder, string missingFeatures)
    {
        if (missingFeatures.Split(' ').Contains("Orleans", StringComparer.Ordinal))
        {
            throw new BadInputException(
                "this build has no Orleans, on which the cluster runs: the package feed lacked it; add a package source that "
                    + "has it and build again (docs/editions.md), or use 'layerbench run', which needs none"
            );
        }

        return new(
            Command(baseFolder, "silo", "Layerbench.Silo", "layerbench-silo"),
            Command(baseFolder, "gateway", "Layerbench.Gateway", "layerbench-gateway")
        );
    }

    private static IReadOnlyList<string> Command(string baseFolder, string part, string project, string program)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(baseFolder));
        string[] folders =
        [
            Path.Combine(baseFolder, part),
            baseFolder,
            Path.GetFullPath(Path.Combine(baseFolder, "..", "..", project, configuration)),
        ];
        foreach (var folder in folders)
        {
            // A folder that only refers to the program has its library, and not what it needs to be run.
            var library = Path.Combine(folder, program + ".dll");
            if (File.Exists(library) && File.Exists(Path.ChangeExtension(library, ".runtimeconfig.json")))
            {
                return [Programs.Dotnet(), library];
            }
        }

        // Published as one file it has no library beside it.
        var single = Path.Combine(baseFolder, part, program);
        if (File.Exists(single))
        {
            return [single];
        }

        throw new BadInputException(
            $"the program {program} is not beside layerbench ({string.Join(", ", folders)}); "
                + $"in a checkout build it: dotnet build Orchestrator.sln -c {configuration}"
        );
    }
}
