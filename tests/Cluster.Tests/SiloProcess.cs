using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Layerbench.Silo;

namespace Layerbench.Cluster.Tests;

/// <summary>A program of the product, as it is built, in a process of its own: the silo's, unless another is named.</summary>
internal sealed class SiloProcess : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private SiloProcess(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string program = "layerbench-silo.dll"
    )
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // One that is killed would leave its sockets for debuggers behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => lines.Enqueue(e.Data ?? "");
        process.ErrorDataReceived += (_, e) => lines.Enqueue(e.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', lines);

    public static SiloProcess Start(params string[] arguments) => new(arguments, new Dictionary<string, string>());

    /// <param name="environment">Beside this process's own.</param>
    public static SiloProcess Start(SiloSettings settings, IReadOnlyDictionary<string, string>? environment = null)
    {
        List<string> arguments = [];
        void Set(string key, object value) =>
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--Layerbench:{key}={value}"));
        Set("Node", settings.Node);
        Set("Devices:0", settings.Devices[0]);
        Set("HttpPort", settings.HttpPort);
        Set("ClusterId", settings.ClusterId);
        Set("SiloPort", settings.SiloPort);
        Set("GatewayPort", settings.GatewayPort);
        Set("Primary", settings.Primary);
        Set("Data", settings.Data);
        Set("Grace", settings.Grace);
        Set("SimulatedCell", settings.SimulatedCell);
        Set("Times:Lease", settings.Times.Lease);
        Set("Times:Poll", settings.Times.Poll);
        Set("Times:Call", settings.Times.Call);
        Set("Times:Heartbeat", settings.Times.Heartbeat);
        Set("Times:NodeTimeout", settings.Times.NodeTimeout);
        // Simulated devices need no workers, and asking each for its description takes seconds.
        var own = settings.Devices[0].StartsWith("simulated", StringComparison.Ordinal)
            ? new Dictionary<string, string> { ["LAYERBENCH_TORCHSHARP"] = "none", ["LAYERBENCH_PYTHON"] = "/none" }
            : [];
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            own[name] = value;
        }

        return new SiloProcess(arguments, own);
    }

    /// <summary>The gateway's program.</summary>
    public static SiloProcess StartGateway(params string[] arguments) =>
        new(arguments, new Dictionary<string, string>(), "layerbench-gateway.dll");

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>SIGKILL: the process runs nothing any more.</summary>
    public void Kill() => process.Kill();

    /// <summary>SIGTERM, as a service manager stops a process.</summary>
    public void Terminate() => Signal("TERM");

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
