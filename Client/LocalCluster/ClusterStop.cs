using Layerbench.LocalCluster.Processes;
using Layerbench.LocalCluster.Records;

namespace Layerbench.LocalCluster;

/// <summary>Stops a cluster; its results stay.</summary>
/// <param name="say">Is told what happens, a line at a time.</param>
public sealed class ClusterStop(ClusterFolder folder, ClusterPrograms programs, Action<string> say, TimeProvider time)
{
    /// <summary>Longer than a silo's own <c>Grace</c> by what it takes to leave.</summary>
    private static readonly TimeSpan drainGrace = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan killGrace = TimeSpan.FromSeconds(10);

    /// <summary>The gateway first, then the silos, which hand back what they have, then PostgreSQL where it is the cluster's own.</summary>
    /// <param name="wipe">Removes the folder: results, logs and all.</param>
    public async Task DownAsync(bool wipe, CancellationToken cancellation = default)
    {
        using var held = folder.Hold();
        using var parts = new ClusterParts(folder, programs, time);
        var record = parts.Record;
        await EndAsync("Prometheus", record.Prometheus, cancellation);
        await EndAsync("the gateway", record.Gateway, cancellation);
        await Task.WhenAll(record.Silos.Select(s => EndAsync($"silo {s.Name}", s.Process, cancellation)));
        if (record.Postgres is null)
        {
            say("stopping PostgreSQL");
            await parts.OwnPostgres().StopAsync(cancellation);
        }

        folder.Write(
            record with
            {
                Gateway = null,
                Prometheus = null,
                Silos = [.. record.Silos.Select(s => s with { Process = null })],
            }
        );
        if (wipe)
        {
            if (record.Postgres is null)
            {
                parts.OwnPostgres().Remove();
            }

            folder.Remove();
        }
    }

    private async Task EndAsync(string what, ProcessMark? process, CancellationToken cancellation)
    {
        if (process is not { IsAlive: true })
        {
            return;
        }

        say($"stopping {what}");
        process.Send(ProcessSignal.Continue); // one that was stopped hears nothing else
        process.Send(ProcessSignal.Terminate);
        if (!await process.HasEndedAsync(drainGrace, time, cancellation))
        {
            say($"{what} did not end in {drainGrace.TotalSeconds} s and is killed; what it had in flight is run again");
            process.Send(ProcessSignal.Kill);
            await process.HasEndedAsync(killGrace, time, cancellation);
        }
    }
}
