namespace Layerbench.Bench.Clusters.Scenarios;

/// <summary>One thing that is done to a cluster, and the figures of it.</summary>
/// <param name="RunAsync">Prints them; false: a result was lost or accepted twice.</param>
internal sealed record Scenario(string Name, string What, Func<BenchOptions, Task<bool>> RunAsync)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("throughput", "what scheduling a cell costs, and how many are accepted in a second", Throughput.RunAsync),
        new(
            "metrics",
            "what it costs to be watched: a silo with 100 sweeps is scraped, and cells are counted",
            MetricsCost.RunAsync
        ),
        new("dask", "the same number of no-op tasks through Dask distributed", Dask.RunAsync),
        new("idle", "nothing is run", Idle.RunAsync),
        new("makespan", "64 simulated devices, cells of very different lengths", Makespan.RunAsync),
        new("silo-kill", "a silo that decides nothing is killed with -9", SiloLoss.KilledAsync),
        new("silo-hang", "a silo is stopped with SIGSTOP, and let go on", SiloLoss.HungAsync),
        new("coordinator-kill", "the silo that decides the sweep is killed with -9", CoordinatorKill.RunAsync),
        new("postgres-crash", "PostgreSQL is restarted in the middle, without a checkpoint", PostgresCrash.RunAsync),
        new("all-silos", "all silos are killed at once and started at other ports", AllSilos.RunAsync),
        new("cut-off", "a silo is cut off from the network one way or both, and it heals", CutOff.RunAsync),
        new("random-kills", "silos and the gateway are killed at random", RandomKillsScenario.SimulatedAsync),
        new("worker-kills", "the same with real workers, which are killed too", RandomKillsScenario.WorkersAsync),
    ];
}
