using Layerbench.Core;
using Layerbench.Harness;
using Layerbench.Silo.Journals;

namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>A silo that hears nobody, is heard by nobody, or both, for a while; then the network is whole again.</summary>
internal static class CutOff
{
    private const int Cells = 4_000;
    private const int Silos = 3;

    private static readonly TimeSpan brief = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan lengthy = TimeSpan.FromMinutes(5);

    /// <summary>Minutes from which on the long cuts are made as well.</summary>
    private const double MinutesForLong = 20;

    public static async Task<bool> RunAsync(BenchOptions options)
    {
        if (SiloNamespaces.Missing() is { } missing)
        {
            Machine.Line("not measured", missing);
            return true;
        }

        var good = true;
        foreach (var cut in (Cut[])[Cut.Mute, Cut.Deaf, Cut.Both])
        {
            good &= await OnceAsync(cut, brief, ofCoordinator: false);
            good &= await OnceAsync(cut, brief, ofCoordinator: true);
            good &= options.Minutes < MinutesForLong || await OnceAsync(cut, lengthy, ofCoordinator: false);
        }

        return good;
    }

    /// <param name="ofCoordinator">Whether the silo is cut off that has the sweep's grain.</param>
    private static async Task<bool> OnceAsync(Cut cut, TimeSpan length, bool ofCoordinator)
    {
        using var networks = SiloNamespaces.Make(Silos);
        await using var cluster = await ClusterHarness.StartAsync(
            new HarnessOptions
            {
                Silos = Silos,
                Cell = TimeSpan.FromMilliseconds(100),
                Networks = networks,
            }
        );
        var sweep = await cluster.StartSweepAsync("s", $"simulated: {Cells}");
        var coordinator = await cluster.CoordinatorOfAsync(sweep);
        var lost = ofCoordinator ? coordinator : cluster.Silos.First(s => s != coordinator);
        await Until.TrueAsync(() => Task.FromResult(cluster.Journals.InFlight(lost).Count > 0));
        var network = cluster.Parts.Record[lost].Network!;
        var at = TimeProvider.System.GetUtcNow();
        SiloNamespaces.CutOff(network, cut);
        var wanted = cluster.Journals.InFlight(lost).SelectMany(l => l.Cells).ToHashSet();
        await Task.Delay(length);
        var elsewhere = cluster
            .Silos.Where(s => s != lost)
            .SelectMany(cluster.Journals.Of)
            .Where(l => l.Event == JournalEvent.Begun && l.At > at)
            .ToList();
        var times = wanted
            .Select(c => elsewhere.FirstOrDefault(l => l.Cells.Contains(c)))
            .OfType<JournalLine>()
            .Select(l => l.At - at)
            .ToList();
        SiloNamespaces.Heal(network);
        if (await cluster.ProcessOf(lost).HasEndedAsync(TimeSpan.FromSeconds(30), TimeProvider.System))
        {
            await cluster.RestartAsync(lost);
        }

        await ClusterHarness.DoneAsync(sweep);
        var whose = ofCoordinator ? "the coordinator's silo" : "another silo";
        Machine.Line($"{whose} cut off {cut.ToString().ToLowerInvariant()}, {length.TotalSeconds} s, healed", "");
        Figures.Times("  until a cell was leased elsewhere", times, "15 s or less");
        return Verdict.Print(await ResultCheck.OfAsync(cluster, new SweepId("s"), Cells));
    }
}
