using Layerbench.Core;
using Layerbench.Engine.Devices;

namespace Layerbench.Silo.Nodes;

/// <summary>
/// The node's devices, claimed for as long as its process lives: two silos, or a silo and <c>layerbench run</c>, never
/// measure on one device at a time.
/// </summary>
internal sealed class DeviceClaims : IDisposable
{
    private readonly List<DeviceLock> held = [];

    public static async Task<(DeviceClaims Claims, IReadOnlyList<string> Errors)> TakeAsync(
        IReadOnlyList<DeviceInfo> devices
    )
    {
        var claims = new DeviceClaims();
        var errors = new List<string>();
        foreach (var device in devices)
        {
            using var busy = new CancellationTokenSource();
            string? holder = null;
            try
            {
                claims.held.Add(
                    await DeviceLock.AcquireAsync(
                        device,
                        DeviceLock.DefaultFolder,
                        TimeProvider.System,
                        who =>
                        {
                            holder = who;
                            busy.Cancel();
                        },
                        busy.Token
                    )
                );
            }
            catch (OperationCanceledException)
            {
                errors.Add(
                    $"Devices: '{device.Id}' of this machine is claimed by {holder}; stop that, or give this silo other devices"
                );
            }
        }

        return (claims, errors);
    }

    public void Dispose() => held.ForEach(h => h.Dispose());
}
