using System.Diagnostics;
using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Workers;

namespace Layerbench.Bench;

/// <summary>A grid of 10,000,000 cells, from its text to the first lease.</summary>
internal static class PlanScale
{
    private const string Sweep = """
        name: ten-million
        variants: [sim.cost]
        backend: simulated
        devices: simulated:1
        axes:
          replicate: {range: {from: 1, to: 10000, step: 1}}
          cost_us: {range: {from: 1, to: 1000, step: 1}}
        """;

    public static async Task RunAsync()
    {
        Machine.Title("A plan of 10,000,000 cells");
        var workers = await WorkerCatalog.DiscoverAsync(WorkerSearch.Default);
        var before = Machine.ResidentBytes();
        var clock = Stopwatch.StartNew();
        var (plan, spec, _) = Sweeps.Load(Sweep, workers.Variants);
        var state = new SweepState(plan, new SchedulingOptions { Seed = spec.Seed }, []);
        var device = new DeviceInfo(new DeviceId("simulated:0"), "simulated", "simulated", [], long.MaxValue);
        var now = DateTimeOffset.UnixEpoch;
        var first = (LeaseAnswer.Granted)state.Lease(device, now);
        clock.Stop();
        Machine.Line("cells", plan.Size, "");
        Machine.Line("text to first lease", clock.Elapsed.TotalMilliseconds, "ms (asked: under 1000)");
        Machine.Line("resident, whole process", Machine.ResidentBytes() / 1e6, "MB (asked: under 150)");
        Machine.Line("resident, before the plan", before / 1e6, "MB");

        clock.Restart();
        var cells = 0;
        var slice = first.Slice;
        while (cells < 1_000_000)
        {
            cells += slice.Cells.Count;
            state.Tell(
                slice.Token,
                [.. slice.Cells.Select(c => new CellTold.Ended(c.Index, new Core.Results.Outcome.Completed()))],
                now
            );
            slice = ((LeaseAnswer.Granted)state.Lease(device, now)).Slice;
        }

        Machine.Line("lease and tell alone, nothing stored", cells / clock.Elapsed.TotalSeconds, "cells/s");
        Machine.Line("resident after a million of them (peak)", Machine.ResidentBytes("VmHWM") / 1e6, "MB");
    }
}
