using Layerbench.Core;
using Microsoft.Extensions.Logging;

namespace Layerbench.Engine.Launches;

internal static partial class SliceRunnerLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Cell {Cell} on {Device}: {Cause}: {Detail}")]
    public static partial void CellIncident(
        this ILogger logger,
        CellId cell,
        DeviceId device,
        string cause,
        string detail
    );

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A {Backend} worker did not start on {Device} ({FailedStarts} in a row): {Detail}"
    )]
    public static partial void StartFailed(
        this ILogger logger,
        string backend,
        DeviceId device,
        int failedStarts,
        string detail
    );

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Cell {Cell}: {Count} launches of environment {Earlier} set aside, now it is {Now}"
    )]
    public static partial void LaunchesSuperseded(
        this ILogger logger,
        CellId cell,
        int count,
        FingerprintId earlier,
        FingerprintId now
    );
}
