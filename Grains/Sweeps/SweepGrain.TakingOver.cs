using Layerbench.Cluster;
using Layerbench.Core.Scheduling;

namespace Layerbench.Grains.Sweeps;

/// <summary>
/// An activation after one that was lost asks every device that is alive what it has in flight of the sweep, and lets it go
/// on: launches elsewhere are not to suffer from the loss of the silo that gave them out.
/// </summary>
internal sealed partial class SweepGrain
{
    /// <summary>For a fleet that was lost as well to hear of its nodes; and for a device to answer.</summary>
    private static readonly TimeSpan toBeHeard = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan lookAgain = TimeSpan.FromMilliseconds(100);

    private async Task<IReadOnlyList<SliceClaim>> ClaimsAsync()
    {
        var claims = await Task.WhenAll((await LiveDevicesAsync()).Select(ClaimOfAsync));
        return [.. claims.OfType<SliceClaim>()];
    }

    private async Task<IReadOnlyList<DeviceKey>> LiveDevicesAsync()
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var nodes = await NodesAsync();
            var missing = live.Names().Except(nodes.Select(n => n.Name), StringComparer.Ordinal).Any();
            if (!missing || time.GetElapsedTime(since) > toBeHeard)
            {
                return
                [
                    .. nodes
                        .Where(n => !live.IsGone(n.Name))
                        .SelectMany(n => n.Devices.Select(d => new DeviceKey(n.Name, d.Id))),
                ];
            }

            await Task.Delay(lookAgain, time);
        }
    }

    private async Task<IReadOnlyList<NodeInfo>> NodesAsync()
    {
        try
        {
            var nodes = await Fleet.Nodes().WaitAsync(times.Value.Call, time);
            return [.. nodes.Select(n => n.Node)];
        }
        catch (Exception error) when (Unanswered.Is(error))
        {
            return [];
        }
    }

    /// <summary>Null: it has none, or does not answer; then its cells are given out again.</summary>
    private async Task<SliceClaim?> ClaimOfAsync(DeviceKey device)
    {
        try
        {
            return await GrainFactory.GetGrain<IDeviceGrain>(device.ToString()).Claim(Id).WaitAsync(toBeHeard, time);
        }
        catch (Exception error) when (Unanswered.Is(error) || error is InvalidOperationException)
        {
            return null;
        }
    }

    private void TellAdopted(IReadOnlyList<SliceClaim> adopted, long under)
    {
        foreach (var claim in adopted)
        {
            LogAdopted(Id, claim.Token);
            GrainFactory.GetGrain<IDeviceGrain>(claim.Device.Id.Value).Adopted(claim.Token, under).Ignore();
        }
    }
}
