namespace Layerbench.Core.Scheduling;

/// <summary>The devices that may work for a sweep, as far as the scheduler needs to know.</summary>
/// <param name="Devices">At least 1.</param>
/// <param name="LargestMemoryBytes">Of any.</param>
/// <param name="SecondMemoryBytes">Of the one with the most memory beside that; where that is not known, as the largest.</param>
public readonly record struct FleetSize(int Devices, long LargestMemoryBytes, long SecondMemoryBytes)
{
    /// <summary>Devices beside these that were lost lately and are expected back.</summary>
    public int Missing { get; init; }
}
