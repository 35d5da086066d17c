using System.Diagnostics.Metrics;

namespace Layerbench.Metrics.Fleet;

/// <param name="State"><c>busy</c>, <c>idle</c>, <c>draining</c> or <c>lost</c>.</param>
public sealed record DevicesInState(string Node, string Kind, string State, int Devices);

/// <summary>All devices of the fleet by state, as metrics of the one process that has the fleet's grain.</summary>
public sealed class FleetBoard : IDisposable
{
    private readonly Meter meter = LayerbenchMeter.New();
    private volatile IReadOnlyList<DevicesInState> shown = [];

    public FleetBoard() =>
        meter.CreateObservableGauge(
            "layerbench.devices",
            () =>
                shown.Select(d =>
                    LayerbenchMeter.Of(d.Devices, ("node", d.Node), ("kind", d.Kind), ("state", d.State))
                ),
            unit: null,
            "Devices of the fleet, by state."
        );

    /// <summary>The fleet as it is now; empty: it is another process's to show.</summary>
    public void Show(IReadOnlyList<DevicesInState> devices) => shown = devices;

    public void Dispose() => meter.Dispose();
}
