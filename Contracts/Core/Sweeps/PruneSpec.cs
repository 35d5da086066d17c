namespace Layerbench.Core.Sweeps;

/// <summary>
/// Successive halving of trainings: at each rung a run goes on where it is among the best of its group so far.
/// </summary>
public sealed record PruneSpec
{
    /// <summary>Rungs per training, at least 1.</summary>
    public int Rungs { get; init; } = 3;

    /// <summary>Share that goes on at each rung, over 0 and below 1.</summary>
    public double Keep { get; init; } = 1.0 / 3;

    /// <summary>
    /// The rungs of a training of so many steps, ascending: <c>steps·keep^n</c>, rounded; fewer where they coincide. With
    /// 1/3, 900 steps and 2 rungs: 100 and 300.
    /// </summary>
    public IReadOnlyList<long> StepsOf(long steps) =>
        [
            .. Enumerable
                .Range(1, Rungs)
                .Select(n => (long)Math.Round(steps * Math.Pow(Keep, n)))
                .Where(step => step >= 1 && step < steps)
                .Distinct()
                .Order(),
        ];
}
