using System.Runtime.InteropServices;

namespace Layerbench.Cli;

/// <summary>Ctrl-C, and what stands for it, as a token: for a command that only looks on, and can stop at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    public Interruption()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            registrations.Add(
                PosixSignalRegistration.Create(
                    signal,
                    context =>
                    {
                        // A second one ends the process as if nobody listened.
                        context.Cancel = !source.IsCancellationRequested;
                        source.Cancel();
                    }
                )
            );
        }
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        registrations.ForEach(r => r.Dispose());
        source.Dispose();
    }
}
