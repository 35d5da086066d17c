using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Tests.Workers;

/// <summary>Starts fake_worker.py as a real child process, the way real workers are started.</summary>
internal sealed class FakeWorker(params string[] arguments) : IWorkerFactory
{
    public const string Backend = "fake";

    public static string Script => Path.Combine(AppContext.BaseDirectory, "Workers", "fake_worker.py");

    /// <summary>Debian's own before a shim that a version manager puts first on PATH.</summary>
    public static string Python
    {
        get
        {
            var python = Programs.Find("/usr/bin/python3") ?? Programs.Find("python3");
            Assert.SkipWhen(python is null, "there is no python3 here to run the fake worker with");
            return python!;
        }
    }

    public static WorkerCommand Command(params string[] arguments) => new(Python, [Script, .. arguments]);

    public static DeviceInfo Cpu { get; } = new(new DeviceId("cpu"), "cpu", "a CPU", [], 1L << 33);

    public static VariantCatalog Catalog { get; } = new([new BackendInfo(Backend, 1, [], [Learn], ["float32"])]);

    private static PassInfo Learn =>
        new("learn", "s", [], "1", "1", Kind: "quality", Metric: "accuracy", Guess: "1/classes");

    public List<int> ProcessIds { get; } = [];

    public List<WorkerStart> Starts { get; } = [];

    public Allocator Allocator { get; init; } = Allocator.Glibc;

    public async Task<IWorker> StartAsync(WorkerStart start, CancellationToken kill)
    {
        Starts.Add(start);
        var worker = await WorkerProcess.StartAsync(
            Command(arguments),
            LaunchEnvironment.For(start, Allocator),
            TimeProvider.System
        );
        ProcessIds.Add(worker.ProcessId);
        return worker;
    }

    public static WorkerStart Start(LaunchKind kind = LaunchKind.Time, IReadOnlyList<int>? cpus = null) =>
        new(Backend, Cpu with { Cpus = cpus ?? [] }, kind, Threads: 2, Seed: 1);

    public static Request.Hello Hello { get; } =
        new(ProtocolVersion.Current, "cpu", 2, new Dictionary<string, bool>(StringComparer.Ordinal));

    /// <summary>A process that is there and not merely waiting to be reaped.</summary>
    public static bool IsAlive(int pid)
    {
        var status = $"/proc/{pid}/status";
        try
        {
            return File.Exists(status)
                && !File.ReadLines(status).Any(l => l.StartsWith("State:\tZ", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false; // it went while it was read
        }
    }

    /// <summary>Neither running nor a zombie.</summary>
    public static void ShouldBeGone(int pid) =>
        Directory.Exists($"/proc/{pid}").ShouldBeFalse($"process {pid} is left");
}
