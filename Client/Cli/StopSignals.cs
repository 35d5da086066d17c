using System.Runtime.InteropServices;

namespace Layerbench.Cli;

/// <summary>
/// Ctrl-C, and what stands for it: the first asks the run to end after the cell in flight, whose launch is kept, the second kills that
/// launch, and a third ends the process as if nobody listened.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource kill = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Action<string> say;
    private int received;

    /// <param name="say">Is told what will happen, on the signal's thread.</param>
    public StopSignals(Action<string> say)
    {
        this.say = say;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = Receive()));
        }
    }

    /// <summary>End after the launch in flight.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>End now.</summary>
    public CancellationToken Kill => kill.Token;

    /// <summary>Whether the signal has been dealt with.</summary>
    internal bool Receive()
    {
        switch (Interlocked.Increment(ref received))
        {
            case 1:
                say("stopping: the cell in flight is finished and its launch saved; Ctrl-C again kills it");
                stop.Cancel();
                return true;
            case 2:
                say("killing the launch in flight; what was saved before stays");
                stop.Cancel();
                kill.Cancel();
                return true;
            default:
                return false;
        }
    }

    public void Dispose()
    {
        registrations.ForEach(r => r.Dispose());
        stop.Dispose();
        kill.Dispose();
    }
}
