namespace Layerbench.Core.Scheduling;

/// <summary>
/// What a launch of a cell is expected to take: a roofline prior per kind of device (Williams, Waterman, Patterson 2009,
/// doi:10.1145/1498765.1498785), corrected by the median of observed ÷ prior over the last cells of the same
/// device kind, pass and variant family. A median, because one preempted cell must not move it.
/// </summary>
/// <remarks>Bounded: 256 keys; keys beyond that learn into their device kind as a whole. Not thread-safe.</remarks>
public sealed class CostModel
{
    private const int Keys = 256;

    private readonly Dictionary<CostKey, RecentMedian> logRatios = [];

    /// <summary>Seconds one launch is expected to take.</summary>
    public double Predict(CostKey key, CellCost cost, LaunchShape shape) => Prior(key, cost, shape) * Correction(key);

    /// <summary>What the roofline's time of such cells is multiplied by; 1 before anything was learnt.</summary>
    public double Correction(CostKey key) => Math.Exp(LogCorrection(key));

    /// <summary>Seconds of one launch by the roofline alone.</summary>
    public static double Prior(CostKey key, CellCost cost, LaunchShape shape) =>
        shape.Seconds(DeviceRates.For(key.DeviceKind).BlockSeconds(cost));

    /// <summary>A launch of such a cell took this long.</summary>
    /// <param name="observedSeconds">All of the cell's phases in one launch, over 0.</param>
    public void Learn(CostKey key, CellCost cost, LaunchShape shape, double observedSeconds)
    {
        if (!(observedSeconds > 0) || double.IsInfinity(observedSeconds))
        {
            throw new ArgumentOutOfRangeException(
                nameof(observedSeconds),
                observedSeconds,
                "A launch takes a finite time over 0; tell the cost model nothing of launches that were not run."
            );
        }

        var logRatio = Math.Log(observedSeconds / Prior(key, cost, shape));
        if (!double.IsFinite(logRatio))
        {
            // A cost that is no number (an expression that overflowed) has no prior to correct.
            return;
        }

        RecentOf(key.WholeKind)?.Add(logRatio);
        RecentOf(key)?.Add(logRatio);
    }

    private double LogCorrection(CostKey key) =>
        logRatios.TryGetValue(key, out var own) ? own.Median
        : logRatios.TryGetValue(key.WholeKind, out var kind) ? kind.Median
        : 0;

    private RecentMedian? RecentOf(CostKey key)
    {
        if (logRatios.TryGetValue(key, out var recent))
        {
            return recent;
        }

        return logRatios.Count >= Keys ? null : logRatios[key] = new RecentMedian();
    }
}

/// <summary>What cells share a correction.</summary>
/// <param name="DeviceKind"><c>cpu</c>, <c>cuda</c>, <c>simulated</c>.</param>
/// <param name="Family">Of the cell's baseline: <c>ffn</c>, <c>mix</c>.</param>
public readonly record struct CostKey(string DeviceKind, string Pass, string Family)
{
    /// <summary>Of all cells on devices of this kind.</summary>
    internal CostKey WholeKind => new(DeviceKind, "*", "*");

    public static CostKey Of(DeviceInfo device, Cell cell) => Of(device.Kind, cell);

    public static CostKey Of(string deviceKind, Cell cell)
    {
        var baseline = cell.Variants.First(v => string.Equals(v.Label, cell.Baseline, StringComparison.Ordinal));
        return new CostKey(deviceKind, cell.Pass, baseline.Variant.Split('.', 2)[0]);
    }
}
