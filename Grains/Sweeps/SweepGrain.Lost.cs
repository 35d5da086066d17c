using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Results;

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
        if (state is { Progress.InFlight: > 0 } && TakeBack(d => live.IsGone(DeviceKey.Parse(d.Value).Node)))
        {
            await Fleet.Wake();
        }
    }

    private bool TakeBack(Func<DeviceId, bool> isLost)
    {
        var tokens = State.TakeBack(isLost);
        foreach (var token in tokens)
        {
            watch?.Expired(token);
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
