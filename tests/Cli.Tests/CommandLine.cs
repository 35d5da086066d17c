using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Layerbench.Cli.Tests;

/// <summary>What a finished command left.</summary>
internal sealed record Ran(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs the built command as a process of its own.</summary>
internal sealed class CommandLine(string folder)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>Beside this assembly's own output folder, in the same configuration.</summary>
    private static readonly string Program = Path.GetFullPath(
        Path.Combine(
            AppContext.BaseDirectory,
            "..",
            "..",
            "Layerbench.Cli",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            "layerbench.dll"
        )
    );

    /// <summary>
    /// Beside the test's own; null removes one. No real backend unless a test names one: looking for it, and asking it
    /// what it can run, takes longer than most of these commands, and the words must not depend on the edition.
    /// </summary>
    public Dictionary<string, string?> Environment { get; } =
        new(StringComparer.Ordinal) { ["LAYERBENCH_PYTHON"] = "/nowhere/python", ["LAYERBENCH_TORCHSHARP"] = "none" };

    public async Task<Ran> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await EndAsync(process);
    }

    /// <summary>Starts it and hands it over.</summary>
    public Process Start(params string[] arguments)
    {
        // As a terminal starts it: tests that a script runs in the background inherit an ignored SIGINT, and hand it on.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", DotnetHost(), Program])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in Environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The command did not start.");
    }

    /// <summary>Reads it to its end; kills it, with its children, at the deadline.</summary>
    public static async Task<Ran> EndAsync(Process process)
    {
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The command ran past {Deadline}:\n{await output}\n{await error}", e);
        }

        return new Ran(process.ExitCode, await output, await error);
    }

    /// <summary>Its path, because a test may take away the command's PATH.</summary>
    private static string DotnetHost() =>
        System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host
            ? host
            : Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
}
