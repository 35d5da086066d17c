using System.Diagnostics;
using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Workers;

namespace Layerbench.Bench.Validity;

/// <summary>Launches real workers on cells whose true ratios are known: 1, and 1 + the extra work.</summary>
internal sealed class Gathering(ValidityOptions options)
{
    public const int Blocks = 20;

    private static readonly TimeSpan minimumSample = TimeSpan.FromMilliseconds(1);

    /// <summary>Shorter than a sweep's 0.2 s, so that more cells fit in the time.</summary>
    public static TimeSpan WarmUp { get; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Group by group until the time is spent, leaving out what is there; each launch is handed over as it ends.</summary>
    /// <param name="there">Launches of earlier pieces. Without a file to go on with, no group is begun that would not end in time.</param>
    public async Task RunAsync(IReadOnlySet<LaunchKey> there, Action<RawLaunch> keep)
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
        var longest = new Dictionary<bool, TimeSpan>();
        foreach (var group in Campaign.Groups())
        {
            var fits = watch.Elapsed + longest.GetValueOrDefault(group.Deep) < options.Time;
            if (!fits && (options.Save is null || watch.Elapsed >= options.Time))
            {
                return;
            }

            var before = watch.Elapsed;
            for (var launch = 0; launch < group.Launches; launch++)
            {
                var missing = group
                    .Cells.Where(c => !there.Contains(new(options.Seed, group.Run, group.Deep, c, launch)))
                    .ToArray();
                if (missing.Length == 0)
                {
                    continue;
                }

                if (options.Save is not null && watch.Elapsed >= options.Time)
                {
                    return;
                }

                await LaunchAsync(catalog, group, missing, launch, keep);
            }

            var took = watch.Elapsed - before;
            longest[group.Deep] = took > longest.GetValueOrDefault(group.Deep) ? took : longest[group.Deep];
            Console.Error.WriteLine(
                FormattableString.Invariant(
                    $"  {(group.Deep ? "deep" : "grid")} cells {group.Cells.First()} to {group.Cells.Last()}, run {group.Run}: {watch.Elapsed.TotalMinutes:N1} min"
                )
            );
        }
    }

    private async Task LaunchAsync(
        WorkerCatalog catalog,
        CellGroup group,
        int[] cells,
        int launch,
        Action<RawLaunch> keep
    )
    {
        var (run, deep) = (group.Run, group.Deep);
        var threads = CellKinds.Threads(deep, cells[0]);
        await using var worker = await WorkerProbe.StartAsync(catalog, options.Backend, threads);
        SeededRandom.For(options.Seed, "cells", run, deep ? 1 : 0, group.FirstCell, launch).Shuffle<int>(cells);
        foreach (var cell in cells)
        {
            var variants = CellKinds.Variants(deep, cell);
            var seed = SeededRandom.Derive(options.Seed, "orders", run, deep ? 1 : 0, cell, launch);
            var orders = BlockOrders.Make(variants.Count, Blocks, seed);
            var samples = await worker.MeasureAsync(variants, orders, minimumSample, WarmUp);
            var sequential =
                !deep && cell % CellKinds.SequentialEvery == 0
                    ? await SequentialAsync(worker, [variants[0], variants[1], variants[^1]])
                    : null;
            keep(
                new RawLaunch(
                    options.Seed,
                    run,
                    deep,
                    cell,
                    launch,
                    options.Hog,
                    options.Backend,
                    [.. samples.Select(RawLaunch.Row)],
                    sequential
                )
            );
        }
    }

    private static async Task<IReadOnlyList<IReadOnlyList<double>>> SequentialAsync(
        WorkerProbe worker,
        IReadOnlyList<PreparedVariant> variants
    )
    {
        var times = new List<IReadOnlyList<double>>();
        IReadOnlyList<int>[] alone = [.. Enumerable.Repeat<IReadOnlyList<int>>([0], Blocks)];
        foreach (var variant in variants)
        {
            IReadOnlyList<Sample> samples = await worker.MeasureAsync([variant], alone, minimumSample, WarmUp);
            times.Add([.. samples.OrderBy(s => s.Block).Select(s => s.Seconds)]);
        }

        return times;
    }
}
