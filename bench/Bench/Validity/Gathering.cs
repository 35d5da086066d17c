using System.Diagnostics;
using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Workers;

namespace Layerbench.Bench.Validity;

/// <summary>Launches real workers on small cells whose true ratios are known: 1, and 1 + the extra work.</summary>
internal sealed class Gathering(ValidityOptions options)
{
    /// <summary>Launches of each judged cell.</summary>
    public const int Launches = 12;

    public const int Blocks = 20;

    /// <summary>Cells that share a launch, as the cells of a slice do.</summary>
    public const int CellsPerLaunch = 10;

    /// <summary>Every so many cells are also measured one variant after the other.</summary>
    private const int SequentialEvery = 2;

    private static readonly TimeSpan minimumSample = TimeSpan.FromMilliseconds(1);

    /// <summary>Shorter than a sweep's 0.2 s, so that more cells fit in the time.</summary>
    public static TimeSpan WarmUp { get; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Whole groups of cells, until the time is spent; each launch is handed over as it ends.</summary>
    public async Task RunAsync(Action<RawLaunch> keep)
    {
        var catalog = await WorkerCatalog.DiscoverAsync(WorkerSearch.Default);
        if (catalog.Backends.FirstOrDefault(b => b.Name == options.Backend) is not { Command: not null })
        {
            throw new InvalidOperationException(
                $"--backend: '{options.Backend}' has no worker here; see layerbench doctor"
            );
        }

        using var hog = options.Hog ? new CpuHog(options.Seed) : null;
        var watch = Stopwatch.StartNew();
        var longestGroup = TimeSpan.Zero;
        for (var group = 0; group == 0 || watch.Elapsed + longestGroup < TimeSpan.FromMinutes(options.Minutes); group++)
        {
            var before = watch.Elapsed;
            for (var launch = 0; launch < Launches; launch++)
            {
                await LaunchAsync(catalog, group, launch, keep);
            }

            var took = watch.Elapsed - before;
            longestGroup = took > longestGroup ? took : longestGroup;
            Console.Error.WriteLine(
                FormattableString.Invariant(
                    $"  {(group + 1) * CellsPerLaunch} cells, {watch.Elapsed.TotalMinutes:N1} min"
                )
            );
        }
    }

    private async Task LaunchAsync(WorkerCatalog catalog, int group, int launch, Action<RawLaunch> keep)
    {
        await using var worker = await WorkerProbe.StartAsync(catalog, options.Backend, threads: 1);
        var cells = Enumerable.Range(group * CellsPerLaunch, CellsPerLaunch).ToArray();
        SeededRandom.For(options.Seed, "cells", group, launch).Shuffle<int>(cells);
        foreach (var cell in cells)
        {
            var parameters = Parameters(cell);
            PreparedVariant[] variants =
            [
                new("baseline", "ffn.dense", parameters),
                new("same", "ffn.dense", parameters),
                new("slower", "ffn.dense", parameters, RawLaunch.Extra),
            ];
            var seed = SeededRandom.Derive(options.Seed, "orders", cell, launch);
            var orders = BlockOrders.Make(variants.Length, Blocks, seed);
            var interleaved = ByVariant(
                await worker.MeasureAsync(variants, orders, minimumSample, WarmUp),
                variants.Length
            );
            List<IReadOnlyList<double>>? sequential = null;
            if (cell % SequentialEvery == 0)
            {
                sequential = [];
                IReadOnlyList<int>[] alone = [.. Enumerable.Repeat<IReadOnlyList<int>>([0], Blocks)];
                foreach (var variant in variants)
                {
                    var samples = await worker.MeasureAsync([variant], alone, minimumSample, WarmUp);
                    sequential.Add(ByVariant(samples, 1)[0]);
                }
            }

            keep(new RawLaunch(cell, launch, options.Hog, interleaved, sequential));
        }
    }

    /// <summary>Small layers of different sizes, 0.05 to 0.5 ms a call on one thread of most CPUs.</summary>
    private static Dictionary<string, AxisValue> Parameters(int cell)
    {
        long[] widths = [32, 48, 64, 96, 128];
        var width = widths[cell % widths.Length];
        return new(StringComparer.Ordinal)
        {
            ["batch"] = AxisValue.Of(cell / widths.Length % 2 == 0 ? 4L : 8L),
            ["seq_len"] = AxisValue.Of(32L),
            ["d_model"] = AxisValue.Of(width),
            ["d_ff"] = AxisValue.Of(4 * width),
        };
    }

    private static List<IReadOnlyList<double>> ByVariant(IReadOnlyList<Sample> samples, int variants) =>
        [
            .. Enumerable
                .Range(0, variants)
                .Select(v =>
                    (IReadOnlyList<double>)
                        [.. samples.Where(s => s.Variant == v).OrderBy(s => s.Block).Select(s => s.Seconds)]
                ),
        ];
}
