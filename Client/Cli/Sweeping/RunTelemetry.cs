using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Local;
using Layerbench.Engine.Surveys;
using Layerbench.Metrics.Fleet;
using Layerbench.Metrics.Sweeps;
using Layerbench.SweepFiles;
using Layerbench.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Layerbench.Cli.Sweeping;

/// <summary>A run's metrics and traces, where somebody asked for them.</summary>
internal sealed class RunTelemetry : IAsyncDisposable
{
    private readonly MetricsServer server;
    private readonly TimeProvider time;
    private readonly SweepBoard sweeps;
    private readonly DeviceBoard devices;
    private readonly GpuBoard gpus;

    private RunTelemetry(MetricsServer server, IReadOnlyList<DeviceInfo> available, TimeProvider time)
    {
        (this.server, this.time) = (server, time);
        (sweeps, devices) = (new SweepBoard(time), new DeviceBoard(time));
        gpus = new GpuBoard(Environment.MachineName, available);
        Meters = new RunMeters(sweeps, devices);
    }

    public RunMeters Meters { get; }

    /// <summary>Where metrics are served; null: they are only sent.</summary>
    public string? Address => server.Address;

    /// <param name="port">From --metrics; null: not given.</param>
    /// <returns>Null where nobody asked.</returns>
    public static async Task<RunTelemetry?> StartAsync(
        int? port,
        IReadOnlyList<DeviceInfo> available,
        TimeProvider time
    ) =>
        await MetricsServer.StartAsync(port, typeof(RunTelemetry).Assembly, "layerbench-run") is { } server
            ? new RunTelemetry(server, available, time)
            : null;

    /// <summary>Runs this, and meanwhile keeps up what its results say.</summary>
    public async Task<T> WatchAsync<T>(IResultReader store, Func<Task<T>> run)
    {
        using var over = new CancellationTokenSource();
        var surveyor = new SweepSurveyor(
            store,
            sweeps,
            sweep => SweepFile.RuleOf(sweep.Spec),
            time,
            NullLogger<SweepSurveyor>.Instance
        );
        var watching = surveyor.RunAsync(over.Token);
        try
        {
            return await run();
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        gpus.Dispose();
        devices.Dispose();
        sweeps.Dispose();
    }
}
