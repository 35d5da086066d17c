using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Quality;
using Layerbench.Engine.Launches;
using Layerbench.Grains;
using Microsoft.Extensions.Logging;

namespace Layerbench.Silo.Running;

/// <summary>Asks the sweep's grain, whose book is the cluster's one; again and again, until it answers or the slice is killed.</summary>
internal sealed partial class ClusterRungs(
    ISweepGrain sweep,
    ClusterTimes times,
    TimeProvider time,
    ILogger<ClusterRungs> logger
) : IRungDecisions
{
    public async Task<RungDecision> DecideAsync(RungArrival arrival, CancellationToken kill)
    {
        while (true)
        {
            try
            {
                return await sweep.DecideRung(arrival).WaitAsync(times.Call, time, kill);
            }
            catch (Exception error) when (!kill.IsCancellationRequested)
            {
                LogNoAnswer(error, arrival.Cell, arrival.Step);
                await Task.Delay(times.Poll, time, kill);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Cell {Cell} waits at step {Step}: its sweep did not say whether it goes on")]
    private partial void LogNoAnswer(Exception error, CellId cell, long step);
}
