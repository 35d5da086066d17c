using Microsoft.Extensions.Logging;

namespace Layerbench.Grains.Fleet;

/// <summary>
/// The device time that users and sweeps have had outlives the activation. It is written seldom, since a little of it may be
/// lost, and never waited for: a store that does not answer holds up no device.
/// </summary>
internal sealed partial class FleetGrain
{
    /// <summary>Between two writes: half a minute of what half is forgotten of in ten.</summary>
    private const int HeartbeatsKept = 6;

    /// <summary>What could not be written; what is stored may then be of another version than this knows.</summary>
    private KeptShares? unkept;

    private void GoOnWithShares()
    {
        if (shares.State.Kept is { } kept)
        {
            state.Restore(kept);
        }

        var period = HeartbeatsKept * times.Value.Heartbeat;
        this.RegisterGrainTimer(
            static (grain, cancellation) => grain.KeepSharesAsync(cancellation),
            this,
            new GrainTimerCreationOptions(period, period) { Interleave = true }
        );
    }

    private async Task KeepSharesAsync(CancellationToken cancellation)
    {
        var failed = unkept is not null;
        unkept = state.TakeNewShares(time.GetUtcNow()) ?? unkept;
        if (unkept is null)
        {
            return;
        }

        try
        {
            if (failed)
            {
                await shares.ReadStateAsync(cancellation);
            }

            shares.State.Kept = unkept;
            await shares.WriteStateAsync(cancellation);
            unkept = null;
        }
        catch (Exception error)
        {
            LogSharesNotKept(error);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The device time that users have had could not be kept; it is tried again")]
    private partial void LogSharesNotKept(Exception error);
}

/// <summary>What the fleet keeps of its shares in grain storage.</summary>
[GenerateSerializer, Alias("layerbench.SharesMemory")]
internal sealed class SharesMemory
{
    /// <summary>Null before anything was used.</summary>
    [Id(0)]
    public KeptShares? Kept { get; set; }
}
