using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Workers;

/// <summary>What a fresh worker is started for.</summary>
/// <param name="Threads">Intra-op threads, at least 1.</param>
/// <param name="Seed">Of this launch alone; only the simulated worker draws from it (launch noise, faults).</param>
public sealed record WorkerStart(string Backend, DeviceInfo Device, LaunchKind Kind, int Threads, ulong Seed);

/// <summary>A worker that has been started and not yet greeted: a child process, or a simulation of one.</summary>
/// <remarks>Disposing ends it and everything it started; nothing of it is left when the task completes.</remarks>
public interface IWorker : IAsyncDisposable
{
    /// <summary>What the engine chose around the worker, for the fingerprint: allocator, affinity, thread variables.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The end of what it has written to standard error so far, at most 16 KiB.</summary>
    string StderrTail { get; }

    /// <summary>Hands a request over; does not wait until the worker has read it.</summary>
    void Send(Request request);

    /// <summary>The next reply.</summary>
    /// <exception cref="WorkerLostException">The worker died, passed the deadline or broke the protocol.</exception>
    ValueTask<Reply> ReceiveAsync(TimeSpan deadline, CancellationToken kill);
}

/// <summary>Starts workers: real ones by path, simulated ones in this process.</summary>
public interface IWorkerFactory
{
    /// <exception cref="WorkerLostException">The process cannot be started.</exception>
    Task<IWorker> StartAsync(WorkerStart start, CancellationToken kill);
}

/// <summary>Why a worker is no more, in the words of <see cref="Incident.Cause"/>.</summary>
public static class LossCause
{
    /// <summary>It exited or was killed.</summary>
    public const string WorkerLost = "worker_lost";

    /// <summary>The kernel killed it for memory.</summary>
    public const string OutOfMemory = "oom";

    /// <summary>It did not answer in time and was killed.</summary>
    public const string Timeout = "timeout";

    /// <summary>It said what the protocol does not allow and was killed.</summary>
    public const string Protocol = "protocol";

    /// <summary>It reported an error and went on.</summary>
    public const string Error = "error";
}

/// <summary>A worker died, hung or broke the protocol; whatever it was doing has to be done again by another.</summary>
/// <param name="cause">One of <see cref="LossCause"/>.</param>
/// <param name="stderrTail">The last 16 KiB of what it wrote to standard error.</param>
public sealed class WorkerLostException(string cause, string message, string stderrTail, Exception? inner = null)
    : Exception(message, inner)
{
    public string Cause { get; } = cause;
    public string StderrTail { get; } = stderrTail;
}
