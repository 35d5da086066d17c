using Layerbench.Core;

namespace Layerbench.Grains.Devices;

/// <summary>
/// Sweeps whose slices this device could not run at all (a worker that does not start, a store that does not answer):
/// each is left alone for a while, twice as long every time, so that the device serves others and does not take and hand
/// back the same cells without end.
/// </summary>
internal sealed class RunnerFailures(ClusterTimes times, TimeProvider time)
{
    /// <summary>The last pause is the first times this: 2 to the power of 6.</summary>
    private const int Doublings = 6;

    private readonly Dictionary<SweepId, (int Count, long Since)> failed = [];

    /// <summary>Whether the device may try the sweep, again or for the first time.</summary>
    public bool IsOver(SweepId sweep) =>
        !failed.TryGetValue(sweep, out var last)
        || time.GetElapsedTime(last.Since) >= times.Poll * (1 << Math.Min(last.Count - 1, Doublings));

    public void Note(SweepId sweep) => failed[sweep] = (failed.GetValueOrDefault(sweep).Count + 1, time.GetTimestamp());

    public void Forget(SweepId sweep) => failed.Remove(sweep);

    /// <summary>Forgets all others: one that was stopped and is started again is tried at once.</summary>
    public void Keep(IReadOnlyCollection<SweepId> sweeps)
    {
        foreach (var over in failed.Keys.Except(sweeps).ToList())
        {
            failed.Remove(over);
        }
    }
}
