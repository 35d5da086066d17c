using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Launches;

/// <summary>A worker that has said hello, and the environment it runs in.</summary>
/// <param name="Gpu">Of a time launch on a GPU that NVML knows.</param>
internal sealed record Launch(
    IWorker Worker,
    LaunchKind Kind,
    Fingerprint Fingerprint,
    DateTimeOffset StartedAt,
    TimeSpan ProcessStart,
    GpuWatch? Gpu
) : IAsyncDisposable
{
    private static readonly TimeSpan ByeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Lets the worker go. Its work is stored by now, so one that does not answer costs nothing but its life.</summary>
    public async Task SayByeAsync(CancellationToken kill)
    {
        Worker.Send(new Request.Bye());
        try
        {
            await Worker.ReceiveAsync(ByeTimeout, kill).ConfigureAwait(false);
        }
        catch (WorkerLostException)
        {
            // Gone without a word, which is what was asked of it.
        }
    }

    public ValueTask DisposeAsync()
    {
        Gpu?.Dispose();
        return Worker.DisposeAsync();
    }
}
