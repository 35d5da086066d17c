namespace Layerbench.Core.Scheduling;

/// <summary>A slice in flight that an earlier owner of the sweep gave out, as its holder says.</summary>
/// <param name="Device">Under the id that the owner knows it by.</param>
/// <param name="Cells">Plan indices.</param>
public sealed record SliceClaim(LeaseToken Token, DeviceInfo Device, int Attempt, IReadOnlyList<long> Cells);
