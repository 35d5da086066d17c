using Layerbench.Engine.Simulated;

namespace Layerbench.Engine.Workers;

/// <summary>Starts the workers of a catalogue: child processes, or a simulation in this process.</summary>
public sealed class WorkerFactory(
    WorkerCatalog catalog,
    Allocator allocator,
    SimulatedWorkerFactory simulated,
    TimeProvider time
) : IWorkerFactory
{
    public async Task<IWorker> StartAsync(WorkerStart start, CancellationToken kill)
    {
        if (start.Backend == SimulatedBackend.Name)
        {
            return await simulated.StartAsync(start, kill).ConfigureAwait(false);
        }

        var status = catalog.Find(start.Backend);
        if (status is not { IsUsable: true, Command: { } command })
        {
            throw new WorkerLostException(
                LossCause.WorkerLost,
                $"the backend '{start.Backend}' cannot be used: {status?.Problem ?? "nothing of this name is installed"}; {status?.Repair ?? "see `layerbench doctor`"}",
                ""
            );
        }

        kill.ThrowIfCancellationRequested();
        return await WorkerProcess
            .StartAsync(command, LaunchEnvironment.For(start, allocator), time)
            .ConfigureAwait(false);
    }
}
