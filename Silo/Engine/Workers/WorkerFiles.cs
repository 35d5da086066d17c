namespace Layerbench.Engine.Workers;

/// <summary>Where the workers' files are: installed beside the program, or in the repository's build output.</summary>
internal static class WorkerFiles
{
    /// <summary>Installed as <c>workers/pytorch/worker.py</c>; in the repository <c>Silo/Worker.PyTorch/worker.py</c>.</summary>
    public static string? PyTorch(string baseFolder)
    {
        var installed = Path.Combine(baseFolder, "workers", "pytorch", "worker.py");
        if (File.Exists(installed))
        {
            return installed;
        }

        for (var folder = new DirectoryInfo(baseFolder); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "Silo", "Worker.PyTorch", "worker.py");
            if (File.Exists(script) && File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
            {
                return script;
            }
        }

        return null;
    }

    /// <summary>
    /// Installed in <c>workers/torchsharp/</c>; in the repository, where the program is in
    /// <c>artifacts/bin/PROJECT/CONFIGURATION/</c>, in the worker's folder of the same configuration.
    /// LAYERBENCH_TORCHSHARP names another folder, or <c>none</c> to do without.
    /// </summary>
    public static WorkerCommand? TorchSharp(string baseFolder)
    {
        var chosen = Environment.GetEnvironmentVariable("LAYERBENCH_TORCHSHARP");
        if (string.Equals(chosen, "none", StringComparison.Ordinal))
        {
            return null;
        }

        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(baseFolder));
        string[] folders = chosen is { Length: > 0 }
            ? [chosen]
            :
            [
                Path.Combine(baseFolder, "workers", "torchsharp"),
                Path.GetFullPath(Path.Combine(baseFolder, "..", "..", "Layerbench.Worker", configuration)),
            ];
        foreach (var folder in folders)
        {
            var library = Path.Combine(folder, "Layerbench.Worker.dll");
            var program = Path.Combine(folder, "Layerbench.Worker");
            if (File.Exists(library))
            {
                return new WorkerCommand(Programs.Dotnet(), [library]);
            }

            if (File.Exists(program))
            {
                return new WorkerCommand(program, []);
            }
        }

        return null;
    }
}
