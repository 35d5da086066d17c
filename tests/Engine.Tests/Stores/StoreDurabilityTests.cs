using System.Globalization;
using Layerbench.Engine.Stores;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores;

/// <summary>Real processes, killed at work.</summary>
public sealed class StoreDurabilityTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task WhatWasAcknowledgedSurvivesKillsAndNoBatchIsKeptInPart()
    {
        var path = folder.File("layerbench.db");
        var acknowledged = new HashSet<int>();
        foreach (var acknowledgements in new[] { 1, 7, 60, 400 })
        {
            var before = acknowledged.Count;
            foreach (var first in await WriteAndKillAsync(path, before + acknowledgements))
            {
                acknowledged.Add(first);
            }

            await using var store = SqliteResultStore.Open(path);
            var last = acknowledged.Max() + (100 * StoreChild.BatchCells);
            var progress = await store.ProgressAsync(
                Sweep().Id,
                [.. Enumerable.Range(0, last + StoreChild.BatchCells).Select(Cell)],
                Token
            );
            progress.Values.ShouldAllBe(p => p.TimeLaunches == 1);
            for (var first = 0; first <= last; first += StoreChild.BatchCells)
            {
                var kept = Enumerable.Range(first, StoreChild.BatchCells).Count(n => progress.ContainsKey(Cell(n)));
                kept.ShouldBeOneOf(acknowledged.Contains(first) ? [StoreChild.BatchCells] : [0, StoreChild.BatchCells]);
            }

            (await store.LaunchesAsync(Sweep().Id, Cell(acknowledged.Max()), Token))
                .ShouldHaveSingleItem()
                .ShouldBe(Launch(acknowledged.Max()));
        }
    }

    /// <summary>Kills the writer in mid-flight after so many acknowledgements; returns all it has printed.</summary>
    private static async Task<List<int>> WriteAndKillAsync(string path, int acknowledgements)
    {
        using var running = StoreChild.Start("write", path);
        var child = running.Process;
        var acknowledged = new List<int>();
        while (await child.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            acknowledged.Add(int.Parse(line, CultureInfo.InvariantCulture));
            if (acknowledged.Count == acknowledgements)
            {
                child.Kill(); // SIGKILL; what is in the pipe is still read
            }
        }

        await child.WaitForExitAsync(Token);
        child.ExitCode.ShouldBe(128 + 9);
        acknowledged.Count.ShouldBeGreaterThanOrEqualTo(acknowledgements);
        return acknowledged;
    }

    [Fact(Timeout = 120_000)]
    public async Task AFullDiskIsSaidAndWhatWasStoredBeforeIsKept()
    {
        var lines = await InAMountAsync("""mount -t tmpfs -o size=1m tmpfs "$OUT" """, "fill");

        lines.Count.ShouldBe(2, string.Join('\n', lines));
        var counts = lines[0].Split(' ', ',');
        counts[0].ShouldBe("acknowledged");
        int.Parse(counts[1], CultureInfo.InvariantCulture).ShouldBeGreaterThan(10);
        counts[^1].ShouldBe(counts[1]);
        lines[1]
            .ShouldBe(
                $"Full: '{folder.File("layerbench.db")}': the disk is full; what was stored before is kept; free some space, then run the same command again"
            );
    }

    [Fact(Timeout = 120_000)]
    public async Task AReadOnlyFolderIsSaid()
    {
        var lines = await InAMountAsync("""mount -t tmpfs -o ro tmpfs "$OUT" """, "fill");

        lines
            .ShouldHaveSingleItem()
            .ShouldBe(
                $"ReadOnly: '{folder.File("layerbench.lock")}' cannot be written (read-only, or no permission); make it writable or choose another --out"
            );
    }

    [Fact(Timeout = 120_000)]
    public async Task AStoreOnAReadOnlyFileSystemCanBeRead()
    {
        await using (var store = SqliteResultStore.Open(folder.File("layerbench.db")))
        {
            await store.SaveSweepAsync(Sweep(), Token);
        }

        var lines = await InAMountAsync("""mount --bind "$OUT" "$OUT" && mount -o remount,ro,bind "$OUT" """, "read");

        lines.ShouldBe(["1 sweep"]);
    }

    /// <summary>Runs the child with a file system of its own over the folder; skips where this process may not mount.</summary>
    private async Task<List<string>> InAMountAsync(string mount, string job)
    {
        using var running = StoreChild.Start(job, folder.Path, $"""{mount} || exit 77; exec "$CHILD" """);
        var child = running.Process;
        var lines = new List<string>();
        while (await child.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            lines.Add(line);
        }

        var errors = await child.StandardError.ReadToEndAsync(Token);
        await child.WaitForExitAsync(Token);
        Assert.SkipWhen(
            child.ExitCode == 77 || errors.StartsWith("unshare:", StringComparison.Ordinal),
            $"needs the right to mount a file system (run as root): {errors.Trim()}"
        );
        errors.ShouldBeEmpty();
        return lines;
    }
}
