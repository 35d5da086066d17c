using System.Globalization;
using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.LocalCluster;
using Layerbench.LocalCluster.Processes;

namespace Layerbench.Harness;

/// <param name="Killed">How often what was killed.</param>
/// <param name="Ended">Silos that ended by themselves and were started again, as one is that the others have declared dead.</param>
/// <param name="Checks">One for each sweep that ran meanwhile.</param>
public sealed record KillsReport(IReadOnlyDictionary<string, int> Killed, int Ended, IReadOnlyList<ResultCheck> Checks);

/// <summary>What runs meanwhile.</summary>
/// <param name="Text">Of a sweep.</param>
/// <param name="Cells">That it has.</param>
/// <param name="Launches">Of a completed cell, of all kinds.</param>
/// <param name="HasWorkers">Whether it runs in worker processes, which are killed too.</param>
public sealed record KilledWork(string Text, int Cells, int Launches, bool HasWorkers)
{
    public static KilledWork Simulated(int cells) =>
        new(string.Create(CultureInfo.InvariantCulture, $"simulated: {cells}"), cells, Launches: 1, HasWorkers: false);
}

/// <summary>
/// Kills silos, workers and the gateway with -9, one after the other and as chance has it, starts them again, and keeps
/// sweeps running meanwhile.
/// </summary>
/// <param name="ready">So many silos are ready before one is killed; at least 2, so that the sweeps go on.</param>
public sealed class RandomKills(ClusterHarness cluster, KilledWork work, ulong seed, int ready = 2)
{
    /// <summary>Of so many kills in turn the last is the gateway's, and with workers every second of the others a worker's.</summary>
    private const int GatewayEvery = 5;

    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan mostPause = TimeSpan.FromSeconds(1.5);

    private readonly SeededRandom random = SeededRandom.For(seed, "kills");
    private readonly Dictionary<string, int> killed = new(StringComparer.Ordinal);
    private readonly List<ResultCheck> checks = [];
    private int sweeps;
    private int ended;

    public async Task<KillsReport> RunAsync(int kills, TimeSpan limit)
    {
        var since = TimeProvider.System.GetTimestamp();
        var sweep = await NextSweepAsync();
        for (var i = 0; killed.Values.Sum() < kills && TimeProvider.System.GetElapsedTime(since) < limit; i++)
        {
            await Task.Delay(random.NextDouble() * mostPause);
            await (
                i % GatewayEvery == GatewayEvery - 1 ? KillGatewayAsync()
                : work.HasWorkers && i % GatewayEvery % 2 == 1 ? KillWorkerAsync(sweep)
                : KillSiloAsync()
            );
            if (await IsDoneAsync(sweep))
            {
                await CheckAsync();
                sweep = await NextSweepAsync();
            }
        }

        await Until.TrueAsync(async () => (await ReadyAsync()).Count == cluster.Silos.Count);
        await Until.TrueAsync(
            async () =>
            {
                KeepUp();
                return await IsDoneAsync(sweep);
            },
            TimeSpan.FromMinutes(5)
        );
        await CheckAsync();
        return new KillsReport(killed, ended, checks);
    }

    private async Task KillGatewayAsync()
    {
        var gateway = cluster.Parts.Record.Gateway!;
        gateway.Send(ProcessSignal.Kill);
        await gateway.HasEndedAsync(patience, TimeProvider.System);
        cluster.Parts.StartGateway();
        Count(ClusterParts.GatewayName);
    }

    private async Task KillSiloAsync()
    {
        IReadOnlyList<string> candidates = [];
        await Until.TrueAsync(async () => (candidates = await ReadyAsync()).Count >= ready);
        var silo = candidates[(int)random.NextInt64(candidates.Count)];
        cluster.Send(silo, ProcessSignal.Kill);
        await cluster.ProcessOf(silo).HasEndedAsync(patience, TimeProvider.System);
        cluster.Parts.StartSilo(silo);
        Count("silo");
    }

    /// <summary>None where the sweep ends before a worker is found.</summary>
    private async Task KillWorkerAsync(ISweepGrain sweep)
    {
        var killedOne = false;
        await Until.TrueAsync(async () =>
        {
            KeepUp();
            var workers = cluster.Silos.SelectMany(s => cluster.ProcessOf(s).Children()).ToList();
            killedOne = workers.Count > 0 && workers[(int)random.NextInt64(workers.Count)].Send(ProcessSignal.Kill);
            return killedOne || await IsDoneAsync(sweep);
        });
        if (killedOne)
        {
            Count("worker");
        }
    }

    /// <summary>Starts silos again that have ended, as whatever runs them does.</summary>
    private void KeepUp()
    {
        foreach (var silo in cluster.Silos.Where(s => !cluster.ProcessOf(s).IsAlive))
        {
            cluster.Parts.StartSilo(silo);
            ended++;
        }
    }

    private async Task<IReadOnlyList<string>> ReadyAsync()
    {
        KeepUp();
        var found = new List<string>();
        foreach (var silo in cluster.Parts.Record.Silos)
        {
            if (silo.Process is { IsAlive: true } && await cluster.Parts.IsReadyAsync(silo))
            {
                found.Add(silo.Name);
            }
        }

        return found;
    }

    private void Count(string what) => killed[what] = killed.GetValueOrDefault(what) + 1;

    private Task<ISweepGrain> NextSweepAsync() => cluster.StartSweepAsync(Id(++sweeps), work.Text);

    private static async Task<bool> IsDoneAsync(ISweepGrain sweep) =>
        await ClusterHarness.ProgressAsync(sweep) is { InFlight: 0 } progress && progress.Passed == progress.Size;

    private async Task CheckAsync() =>
        checks.Add(await ResultCheck.OfAsync(cluster, new SweepId(Id(sweeps)), work.Cells, work.Launches));

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"sweep-{number}");
}
