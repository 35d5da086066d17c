using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Harness;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>
/// Cells that take no time, through plan, lease, launch, tell and PostgreSQL with durable commits. Processor time is that
/// of all silos, the gateway and every process of PostgreSQL.
/// </summary>
internal static class Throughput
{
    public const int Cells = 100_000;

    // Until what is called often is compiled for good: it was a third of all processor time after 3,000 cells, and a tenth
    // after 30,000. A silo runs for weeks.
    private const int WarmUp = 100_000;
    private const int Silos = 3;

    /// <summary>Of the run that did best, for ratios within one run of the program; null: not measured yet.</summary>
    public static double? MicrosecondsPerCell { get; private set; }

    public static async Task<bool> RunAsync(BenchOptions options)
    {
        var good = true;
        foreach (var devices in new[] { 8, 32 })
        {
            // As many cells a slice as an ordinary sweep's; and as many as suit cells that take no time.
            foreach (var slice in new[] { SchedulingOptions.UsualSliceCells, 256 })
            {
                good &= await OnceAsync(devices, slice);
            }
        }

        return good;
    }

    private static async Task<bool> OnceAsync(int devices, int slice)
    {
        await using var cluster = await ClusterHarness.StartAsync(
            new HarnessOptions
            {
                Silos = Silos,
                Devices = devices,
                Cell = TimeSpan.Zero,
                Journals = false,
            }
        );
        var cold = cluster.ProcessorTime();
        await ClusterHarness.DoneAsync(await cluster.StartSweepAsync("warm-up", $"simulated: {WarmUp} slices {slice}"));
        var before = cluster.ProcessorTime();
        var started = await cluster.StartSweepAsync("figures", $"simulated: {Cells} slices {slice}");
        var took = await ClusterHarness.DoneAsync(started);
        var after = cluster.ProcessorTime();
        var (silos, gateway, postgres) = (
            after.Silos - before.Silos,
            after.Gateway - before.Gateway,
            after.Postgres - before.Postgres
        );
        var spent = silos + gateway + postgres;
        var accepted = await cluster.Store.FinishedIndicesAsync(new SweepId("figures")).CountAsync();
        var micros = spent.TotalMicroseconds / Cells;
        MicrosecondsPerCell = Math.Min(MicrosecondsPerCell ?? double.MaxValue, micros);
        var what = $"{Silos * devices} devices, slices of {slice}";
        Figures.Line($"{what}: accepted", accepted / took.TotalSeconds, "cells/s", "10,000 or more", "N0");
        Figures.Line($"{what}: processor time", micros, "µs a cell", "100 or less", "N0");
        Machine.Line(
            $"{what}: of that silos, gateway, PostgreSQL",
            $"{PerCell(silos)}, {PerCell(gateway)}, {PerCell(postgres)} µs"
        );
        Machine.Line($"{what}: processors busy", $"{Figures.Of(spent / took)} of {Environment.ProcessorCount}");
        Machine.Line(
            $"{what}: the {WarmUp} cells before",
            $"{Figures.Of((Total(before) - Total(cold)).TotalMicroseconds / WarmUp, "N0")} µs a cell, with what was compiled meanwhile"
        );
        return accepted == Cells;
    }

    private static TimeSpan Total((TimeSpan Silos, TimeSpan Gateway, TimeSpan Postgres) spent) =>
        spent.Silos + spent.Gateway + spent.Postgres;

    private static string PerCell(TimeSpan spent) => Figures.Of(spent.TotalMicroseconds / Cells, "N0");
}
