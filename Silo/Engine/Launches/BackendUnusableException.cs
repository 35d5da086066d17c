using Layerbench.Core.Scheduling;

namespace Layerbench.Engine.Launches;

/// <summary>A backend's workers cannot be used at all, whatever the cell: the run must end, and goes on when it is repaired.</summary>
public sealed class BackendUnusableException(string backend, string message, string stderrTail)
    : UnrunnableSliceException($"The backend '{backend}' cannot be used: {message}")
{
    public string Backend { get; } = backend;

    /// <summary>The end of what its worker wrote to standard error.</summary>
    public string StderrTail { get; } = stderrTail;
}
