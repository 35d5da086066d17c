using Microsoft.Extensions.Hosting;

namespace Layerbench.Telemetry;

/// <summary>Signals are the program's own: a host beside it does not answer them.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
