using Layerbench.Core;
using Microsoft.Extensions.Logging;

namespace Layerbench.Engine.Local;

internal static partial class LocalEngineLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Device {Device} is measured on by {Holder}; waiting")]
    public static partial void DeviceBusy(this ILogger logger, DeviceId device, string holder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What {Device} told of lease {Token} was refused: {Answer}")]
    public static partial void TellRefused(this ILogger logger, DeviceId device, LeaseToken token, string answer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease {Token} has expired (was this process suspended?)")]
    public static partial void LeaseLost(this ILogger logger, LeaseToken token);

    [LoggerMessage(Level = LogLevel.Error, Message = "The run ends because of backend {Backend}: {Detail}")]
    public static partial void BackendUnusable(this ILogger logger, string backend, string detail);
}
