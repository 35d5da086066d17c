using System.Diagnostics;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Local;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Layerbench.Bench;

/// <summary>No-op cells through the whole path of one process: plan, lease, launch, tell, SQLite with fsync.</summary>
internal static class Throughput
{
    private const int Cells = 50_000;

    public static async Task RunAsync()
    {
        Machine.Title($"{Cells:N0} no-op cells: plan, lease, tell and SQLite (WAL, synchronous FULL), one process");
        foreach (var devices in new[] { 1, 4 })
        {
            await OnceAsync(devices);
        }

        Console.WriteLine(
            "  for comparison, no-op tasks per second measured elsewhere on such a machine: Optuna in memory 2,000, "
                + "Dask distributed 340, Celery 240, GNU parallel 37, Optuna on SQLite 11, Slurm array 2"
        );
    }

    private static async Task OnceAsync(int devices)
    {
        var folder = Directory.CreateTempSubdirectory("layerbench-bench-");
        try
        {
            var workers = await WorkerCatalog.DiscoverAsync(WorkerSearch.Default);
            var (plan, spec, text) = Sweeps.Load(
                $$"""
                name: noop
                variants: [sim.noop]
                backend: simulated
                devices: simulated:{{devices}}
                axes:
                  replicate:
                    range: {from: 1, to: {{Cells}} }
                measure: {launches: 1, blocks: 1, memory_launches: 0}
                """,
                workers.Variants
            );
            var clock = new VirtualClock();
            var factory = new SimulatedWorkerFactory(workers.Find("simulated")!.Info!, clock);
            await using var store = SqliteResultStore.Open(Path.Combine(folder.FullName, "layerbench.db"));
            var engine = new LocalEngine(
                new LocalEngineParts(store, factory, workers.Variants, clock, NullLoggerFactory.Instance)
            );
            var record = new SweepRecord(
                new SweepId("noop-bench"),
                "noop",
                text,
                spec.Seed,
                clock.GetUtcNow(),
                "bench"
            );
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            var summary = await engine.RunAsync(
                new LocalRun
                {
                    Sweep = record,
                    Source = plan,
                    Measure = spec.Measure,
                    Devices = DeviceSelection.Resolve(spec.Devices, []).Devices,
                    MaximumSliceCells = 64,
                    LockFolder = Path.Combine(folder.FullName, "locks"),
                },
                static _ => { }
            );
            watch.Stop();
            cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            var done = summary.Outcomes["completed"];
            Machine.Line(
                $"{devices} device{(devices == 1 ? "" : "s")}: {done:N0} cells completed",
                done / watch.Elapsed.TotalSeconds,
                "cells/s (asked: 5,000 or more)"
            );
            Machine.Line("  CPU per cell, all threads", cpu.TotalMicroseconds / done, "µs");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
