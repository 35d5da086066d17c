using System.Diagnostics;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.PyTorch;

/// <summary>The PyTorch worker of this checkout in a Python that has torch.</summary>
internal static class PyTorchWorker
{
    private static readonly Lazy<string?> Python = new(FindPython);

    public static string Root { get; } = FindRoot();

    public static string Script { get; } = Path.Combine(Root, "Silo", "Worker.PyTorch", "worker.py");

    /// <summary>Variants that are wrong on purpose, each in its way.</summary>
    public static Dictionary<string, string> BrokenVariants { get; } =
        new(StringComparer.Ordinal)
        {
            ["LAYERBENCH_EXTRA_VARIANTS"] = Path.Combine(Root, "tests", "Worker.Tests", "PyTorch", "Variants"),
        };

    /// <summary>Skips the test where no Python has torch.</summary>
    public static string PythonOrSkip()
    {
        if (Python.Value is null)
        {
            Assert.Skip(
                "no Python here has torch (tried LAYERBENCH_PYTHON, /usr/bin/python3 and python3); "
                    + "install it with: apt-get install --no-install-recommends python3-torch libopenblas0-pthread"
            );
        }

        return Python.Value!;
    }

    public static WorkerClient Start(IReadOnlyDictionary<string, string>? environment = null) =>
        WorkerClient.Start([PythonOrSkip(), Script], environment);

    /// <summary>Runs Python to its end, which must be a good one; what it wrote to standard output.</summary>
    /// <param name="input">What it finds on its standard input.</param>
    public static async Task<string> RunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string input = ""
    )
    {
        var start = new ProcessStartInfo(PythonOrSkip(), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var cancel = TestContext.Current.CancellationToken;
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
        process.StandardInput.Close();
        var text = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        process.ExitCode.ShouldBe(0, await errors);
        return text;
    }

    /// <summary>Started and past hello, on one CPU thread.</summary>
    public static async Task<WorkerClient> StartAndGreetAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var client = Start(environment);
        await client.AskAsync<Reply.Hello>(Requests.Hello());
        return client;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException($"No Orchestrator.sln above {AppContext.BaseDirectory}.");
    }

    private static string? FindPython() =>
        new[] { Environment.GetEnvironmentVariable("LAYERBENCH_PYTHON"), "/usr/bin/python3", "python3" }
            .OfType<string>()
            .FirstOrDefault(HasTorch);

    private static bool HasTorch(string python)
    {
        const string Probe = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)";
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(python, ["-c", Probe]) { RedirectStandardError = true, UseShellExecute = false }
            )!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no such program
        }
    }
}
