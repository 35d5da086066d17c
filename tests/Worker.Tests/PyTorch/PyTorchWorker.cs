using System.Diagnostics;
using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.PyTorch;

/// <summary>The PyTorch worker of this checkout in a Python that has torch, and the cells that tests give it.</summary>
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
        await client.AskAsync<Reply.Hello>(Hello());
        return client;
    }

    public static Request.Hello Hello(int threads = 1, int protocol = ProtocolVersion.Current) =>
        new(
            protocol,
            "cpu",
            threads,
            new Dictionary<string, bool>(StringComparer.Ordinal)
            {
                ["tf32"] = false,
                ["cudnn_benchmark"] = false,
                ["deterministic"] = false,
            }
        );

    /// <summary>Small on purpose; the parameters of the variants that tests name, and of every pass.</summary>
    public static Dictionary<string, AxisValue> Small() =>
        new(StringComparer.Ordinal)
        {
            ["batch"] = AxisValue.Of(4),
            ["seq_len"] = AxisValue.Of(8),
            ["d_model"] = AxisValue.Of(16),
            ["d_ff"] = AxisValue.Of(48),
            ["dropout"] = AxisValue.Of(0),
            ["depth"] = AxisValue.Of(2),
            ["heads"] = AxisValue.Of(2),
            ["causal"] = AxisValue.Of(false),
            ["activation"] = AxisValue.Of("relu"),
            ["method"] = AxisValue.Of("fft"),
            ["samples"] = AxisValue.Of(10),
            ["state"] = AxisValue.Of("continue"),
        };

    public static Request.Prepare Prepare(
        IReadOnlyList<string> variants,
        string pass = "forward",
        string dtype = "float32",
        ulong seed = 1,
        bool gate = true,
        IReadOnlyDictionary<string, AxisValue>? parameters = null
    ) => new("c1", pass, dtype, seed, gate, [.. variants.Select((v, i) => Use($"{v} {i}", v, parameters ?? Small()))]);

    /// <param name="orders">One entry a block.</param>
    public static Request.Measure Measure(
        IReadOnlyList<IReadOnlyList<int>> orders,
        long minimumSampleNanoseconds = 1_000_000,
        double warmUpMinimum = 0.02,
        double warmUpMaximum = 5
    ) => new("c1", orders, minimumSampleNanoseconds, warmUpMinimum, warmUpMaximum);

    private static PreparedVariant Use(string label, string variant, IReadOnlyDictionary<string, AxisValue> values) =>
        new(label, variant, values);

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
