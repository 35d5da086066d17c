using System.Diagnostics.Metrics;
using Layerbench.Core.Engines;

namespace Layerbench.Metrics.Fleet;

/// <param name="State"><c>busy</c>, <c>idle</c>, <c>draining</c> or <c>lost</c>.</param>
public sealed record DevicesInState(string Node, string Kind, string State, int Devices);

/// <summary>All devices of the fleet by state, and who has them, as metrics of the one process that has the fleet's grain.</summary>
public sealed class FleetBoard : IDisposable
{
    private readonly Meter meter = LayerbenchMeter.New();
    private volatile IReadOnlyList<DevicesInState> shown = [];
    private volatile IReadOnlyList<UserShare> users = [];

    public FleetBoard()
    {
        meter.CreateObservableGauge(
            "layerbench.devices",
            () =>
                shown.Select(d =>
                    LayerbenchMeter.Of(d.Devices, ("node", d.Node), ("kind", d.Kind), ("state", d.State))
                ),
            unit: null,
            "Devices of the fleet, by state."
        );
        meter.CreateObservableGauge(
            "layerbench.user.devices",
            () => users.Select(u => LayerbenchMeter.Of(u.Devices, ("user", u.User))),
            unit: null,
            "Devices that work for a user's sweeps."
        );
        meter.CreateObservableGauge(
            "layerbench.user.share_ratio",
            () => users.Select(u => LayerbenchMeter.Of(u.Share, ("user", u.User))),
            "1",
            "Share of the device time of late that a user has had; half is forgotten every 10 minutes."
        );
    }

    /// <summary>The fleet as it is now; empty: it is another process's to show.</summary>
    /// <param name="users">Few: each name is a label.</param>
    public void Show(IReadOnlyList<DevicesInState> devices, IReadOnlyList<UserShare> users) =>
        (shown, this.users) = (devices, users);

    public void Dispose() => meter.Dispose();
}
