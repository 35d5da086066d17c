using Layerbench.Core;
using Microsoft.Extensions.Logging;

namespace Layerbench.Grains.Sweeps;

internal sealed partial class SweepGrain
{
    [LoggerMessage(1, LogLevel.Information, "Sweep {Sweep} started: {Size} indices, {Finished} cells finished before")]
    private partial void LogStarted(SweepId sweep, long size, long finished);

    [LoggerMessage(
        2,
        LogLevel.Information,
        "Sweep {Sweep} loaded: {Finished} cells finished before, {Devices} devices, epoch {Epoch}"
    )]
    private partial void LogLoaded(SweepId sweep, int finished, int devices, long epoch);

    [LoggerMessage(3, LogLevel.Warning, "Sweep {Sweep}: lease {Token} was not renewed; its cells go to others")]
    private partial void LogExpired(SweepId sweep, LeaseToken token);

    [LoggerMessage(4, LogLevel.Warning, "Sweep {Sweep} stopped: {Reason}")]
    private partial void LogStopped(SweepId sweep, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Sweep {Sweep}: the holder of lease {Token} is gone; its cells go to others")]
    private partial void LogTakenBack(SweepId sweep, LeaseToken token);

    [LoggerMessage(5, LogLevel.Information, "Sweep {Sweep}: {Cells} failed cells are run again")]
    private partial void LogRerun(SweepId sweep, int cells);

    [LoggerMessage(
        8,
        LogLevel.Warning,
        "Sweep {Sweep}: epoch {Epoch} is over, another activation began {Current}; this one ends"
    )]
    private partial void LogOvertaken(SweepId sweep, long epoch, long current);

    [LoggerMessage(7, LogLevel.Information, "Sweep {Sweep}: the slice of lease {Token} goes on")]
    private partial void LogAdopted(SweepId sweep, LeaseToken token);
}
