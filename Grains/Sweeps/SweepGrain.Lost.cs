using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Metrics;

namespace Layerbench.Grains.Sweeps;

/// <summary>
/// Leases end before their time where their holder is known to be gone, so that a lease can be long; and an activation ends
/// that is not the sweep's any more.
/// </summary>
internal sealed partial class SweepGrain
{
    private static readonly TimeSpan lookForLost = TimeSpan.FromMilliseconds(200);

    private async Task TakeBackLostAsync()
    {
        if (state is { Progress.InFlight: > 0 } && TakeBack(d => LostNodeOf(d) is not null))
        {
            await Fleet.Wake();
        }
    }

    /// <summary>The device's node, where no silo of it is alive; null: one is, or is not known to be gone.</summary>
    private string? LostNodeOf(DeviceId device) =>
        DeviceKey.Parse(device.Value).Node is var node && live.IsGone(node) ? node : null;

    private bool TakeBack(Func<DeviceId, bool> isLost)
    {
        var tokens = State.TakeBack(isLost);
        foreach (var token in tokens)
        {
            watch?.Expired(token);
            meter?.Lost(token, EngineMetrics.HolderLost, time.GetUtcNow());
            LogTakenBack(Id, token);
        }

        return tokens.Count > 0;
    }

    /// <summary>
    /// While silos die, a second activation can be made and end again, and the first stays. Its epoch is over then, and it
    /// would lease without end what the store refuses to keep: so it ends, and the next call begins an epoch of its own.
    /// </summary>
    /// <returns>Whether it ends.</returns>
    private async Task<bool> EndIfOvertakenAsync()
    {
        try
        {
            await store.FinishAsync(Id, [], epoch);
            return false;
        }
        catch (StaleEpochException stale)
        {
            LogOvertaken(Id, stale.Epoch, stale.Current);
            DeactivateOnIdle();
            return true;
        }
    }
}
