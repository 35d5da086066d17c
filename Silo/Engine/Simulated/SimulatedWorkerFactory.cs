using Layerbench.Core.Catalog;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Simulated;

/// <summary>Starts simulated workers on one clock.</summary>
/// <param name="backend">What <see cref="SimulatedBackend.Describe"/> gave.</param>
public sealed class SimulatedWorkerFactory(BackendInfo backend, VirtualClock clock) : IWorkerFactory
{
    private readonly CostModel costs = new(backend);

    public Task<IWorker> StartAsync(WorkerStart start, CancellationToken kill)
    {
        kill.ThrowIfCancellationRequested();
        return Task.FromResult<IWorker>(new SimulatedWorker(start, costs, clock));
    }
}
