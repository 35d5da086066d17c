using Layerbench.Cluster;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Launches;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;
using Layerbench.Grains;
using Layerbench.Metrics.Fleet;
using Layerbench.Silo.Nodes;
using Layerbench.Silo.Simulated;
using Layerbench.SweepFiles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Layerbench.Silo.Running;

/// <summary>Runs slices of sweep files in fresh worker processes, as the local engine does, and those of <c>simulated: N</c> by waiting.</summary>
internal sealed class NodeRunners(
    IResultStore store,
    NodeMeans means,
    SiloSettings settings,
    IGrainFactory grains,
    DeviceBoard devices,
    IOptions<ClusterTimes> times,
    TimeProvider time,
    ILoggerFactory logging
) : ISliceRunners
{
    private readonly SimulatedRunners simulated = new(store, settings.SimulatedCell, time);
    private readonly WorkerFactory workers = new(
        means.Workers,
        Allocator.Find(),
        new SimulatedWorkerFactory(means.Workers.Find(SimulatedBackend.Name)!.Info!, new VirtualClock()),
        time
    );

    public ISliceRunner For(SweepRecord sweep)
    {
        if (SimulatedSweep.Read(sweep) is not null)
        {
            return simulated.For(sweep);
        }

        var measure = SweepFile.MeasureOf(sweep.Spec);
        return new SliceRunner(
            new SliceRunnerOptions
            {
                Sweep = sweep.Id,
                Measure = measure,
                Seed = sweep.Seed,
                // The sweep's grain counts them, and on how many devices.
                MaximumCrashes = int.MaxValue,
            },
            new SliceRunnerParts(
                store,
                workers,
                means.Workers.Variants,
                BlockOrders.Make,
                CellEstimates.By(measure),
                time
            )
            {
                Rungs = new ClusterRungs(
                    grains.GetGrain<ISweepGrain>(sweep.Id.Value),
                    times.Value,
                    time,
                    logging.CreateLogger<ClusterRungs>()
                ),
                Devices = devices,
            },
            new EventRelay(grains.GetGrain<ISweepGrain>(sweep.Id.Value), time).Tell,
            logging.CreateLogger<SliceRunner>()
        );
    }
}
