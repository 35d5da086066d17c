using Layerbench.Cluster;
using Layerbench.Core;
using Microsoft.Extensions.Logging;

namespace Layerbench.Grains.Devices;

internal sealed partial class DeviceLoop
{
    [LoggerMessage(1, LogLevel.Warning, "Device {Device} could not work; it tries again after a pause")]
    private partial void LogRoundFailed(Exception error, DeviceKey device);

    [LoggerMessage(2, LogLevel.Warning, "Device {Device}: lease {Token} was lost, its slice is stopped")]
    private partial void LogLost(DeviceKey device, LeaseToken token);

    [LoggerMessage(3, LogLevel.Debug, "Device {Device}: what became of the slice of {Token} was {Answer}")]
    private partial void LogTold(DeviceKey device, LeaseToken token, string answer);

    [LoggerMessage(4, LogLevel.Information, "Device {Device}: the slice of lease {Token} goes on under epoch {Epoch}")]
    private partial void LogAdopted(DeviceKey device, LeaseToken token, long epoch);
}
