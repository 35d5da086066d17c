using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Metrics;

namespace Layerbench.Grains.Sweeps;

/// <summary>Leases end before their time where their holder is known to be gone, so that a lease can be long.</summary>
internal sealed partial class SweepGrain
{
    private static readonly TimeSpan lookForLost = TimeSpan.FromMilliseconds(500);

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
            meter?.Lost(token, EngineMetrics.HolderLost, time.GetUtcNow());
            LogTakenBack(Id, token);
        }

        return tokens.Count > 0;
    }
}
