namespace Layerbench.Core.Scheduling;

/// <summary>Devices that are known to be gone before their leases have expired.</summary>
public sealed partial class SweepState
{
    /// <summary>Takes back what these devices hold, whatever time their leases have left; returns the tokens.</summary>
    public IReadOnlyList<LeaseToken> TakeBack(Func<DeviceId, bool> isLost)
    {
        var dead = leases.RemoveOf(isLost);
        foreach (var cell in dead.SelectMany(d => d.Cells))
        {
            Return(cell);
        }

        return [.. dead.Select(d => d.Token)];
    }
}
