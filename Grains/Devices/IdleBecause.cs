using Layerbench.Cluster;
using Layerbench.Core.Scheduling;
using Layerbench.Metrics.Fleet;

namespace Layerbench.Grains.Devices;

/// <summary>Why a device that asked everywhere got nothing: of several reasons the one that most deserves a look.</summary>
internal sealed class IdleBecause(FleetOrders orders)
{
    public IdleReason Reason { get; private set; } =
        orders.Draining
            ? IdleReason.Draining
            : orders.Withheld switch
            {
                Withheld.NotSelected => IdleReason.NotSelected,
                Withheld.Limit => IdleReason.Limit,
                Withheld.Unfit => IdleReason.NotOffered,
                _ => IdleReason.NoWork,
            };

    /// <summary>The sweep is left alone here for a while: its workers did not start.</summary>
    public void Failed() => Reason = IdleReason.WorkerFailed;

    public void Answered(LeaseAnswer answer)
    {
        var why = answer is LeaseAnswer.Wait { Cause: var cause }
            ? cause switch
            {
                WaitCause.Paused => IdleReason.Paused,
                WaitCause.Looking => IdleReason.Dispatch,
                WaitCause.Limit => IdleReason.Limit,
                WaitCause.OtherDevice => IdleReason.OtherDevice,
                _ => IdleReason.NoWork,
            }
            : IdleReason.NoWork;
        Reason = why > Reason ? why : Reason;
    }
}
