namespace Layerbench.Cluster;

/// <summary>Calls to grains to which no grain answered.</summary>
public static class Unanswered
{
    /// <summary>
    /// It timed out, its silo died, or a silo gave it up on the way because one that it asked was dying: that arrives as a
    /// cancellation which nobody asked for. Of calls that the caller itself cancels, the caller knows.
    /// </summary>
    public static bool Is(Exception error) =>
        error is TimeoutException or OrleansException or OperationCanceledException;
}
