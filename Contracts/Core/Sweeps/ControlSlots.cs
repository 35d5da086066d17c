namespace Layerbench.Core.Sweeps;

/// <summary>
/// Which points of a plan have controls: for each kind a share of the plan's indices, drawn by the seed without
/// repetition. Computed slot by slot, never listed.
/// </summary>
/// <remarks>
/// A slot whose point the conditions leave out holds no control, so that the share is one of cells, whatever the
/// conditions keep. The first slot of each kind walks on until it finds a cell that can run, so that a small sweep has
/// its control too.
/// </remarks>
internal sealed class ControlSlots
{
    /// <summary>Points that a kind's first slot looks at, at most.</summary>
    private const int MostTried = 1000;

    private readonly SeededPermutation same;
    private readonly SeededPermutation slower;
    private readonly long points;

    public ControlSlots(ControlSpec spec, long points, ulong seed)
    {
        this.points = points;
        Same = Slots(spec.Same, points);
        Slower = Slots(spec.Slower, points);
        same = new(Math.Max(1, points), SeededRandom.Derive(seed, "controls", Controls.SameLabel));
        slower = new(Math.Max(1, points), SeededRandom.Derive(seed, "controls", Controls.SlowerLabel));
    }

    public long Same { get; }
    public long Slower { get; }
    public long Count => Same + Slower;

    public ControlKind KindOf(long slot) => slot < Same ? ControlKind.Same : ControlKind.Slower;

    /// <summary>The indices of the points to try for a slot, in order; the first that holds a cell that can run is its.</summary>
    public IEnumerable<long> Candidates(long slot)
    {
        var (order, first, count) = slot < Same ? (same, slot, Same) : (slower, slot - Same, Slower);
        yield return order.At(first);
        if (first != 0)
        {
            yield break;
        }

        for (var next = count; next < Math.Min(points, count + MostTried); next++)
        {
            yield return order.At(next);
        }
    }

    private static long Slots(double share, long points) =>
        share == 0 || points == 0 ? 0 : Math.Clamp((long)Math.Round(share * points), 1, points);
}
