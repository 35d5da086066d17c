using Layerbench.Metrics.Fleet;
using Layerbench.Metrics.Sweeps;

namespace Layerbench.Engine.Local;

/// <summary>Where a run on this machine shows how it goes.</summary>
public sealed record RunMeters(SweepBoard Sweeps, DeviceBoard Devices);
