using Layerbench.LocalCluster.Postgres;
using Layerbench.LocalCluster.Processes;

namespace Layerbench.LocalCluster;

/// <summary>What one start has started, to be stopped again where it does not come to its end.</summary>
internal sealed class StartedParts
{
    private static readonly TimeSpan killGrace = TimeSpan.FromSeconds(10);

    public List<ProcessMark> Processes { get; } = [];
    public PostgresFolder? Postgres { get; set; }

    public async Task StopAsync(TimeProvider time)
    {
        foreach (var process in Processes)
        {
            process.Send(ProcessSignal.Kill);
        }

        foreach (var process in Processes)
        {
            await process.HasEndedAsync(killGrace, time);
        }

        if (Postgres is not null)
        {
            await Postgres.StopAsync();
        }
    }
}
