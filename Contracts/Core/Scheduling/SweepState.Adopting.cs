namespace Layerbench.Core.Scheduling;

/// <summary>Slices that were in flight when an earlier owner of the sweep was lost.</summary>
public sealed partial class SweepState
{
    /// <summary>
    /// Takes slices over whose holders go on with them, under the tokens that they have; returns those that were taken. One
    /// whose cells are not this plan's, or are another's already, is not. To be called before anything is leased.
    /// </summary>
    /// <exception cref="InvalidOperationException">Cells have been given out already.</exception>
    public IReadOnlyList<SliceClaim> Adopt(IReadOnlyList<SliceClaim> claims, DateTimeOffset now)
    {
        if (frontier.HasBegun)
        {
            throw new InvalidOperationException("Slices are taken over before the first lease, not after it.");
        }

        var taken = new List<SliceClaim>();
        foreach (var claim in claims)
        {
            var cells = claim.Cells.Distinct().Select(Pending).OfType<PendingCell>().ToList();
            if (cells.Count == 0 || cells.Count != claim.Cells.Count || cells.Exists(c => leases.Holds(c.Index)))
            {
                continue;
            }

            // Those that have ended already are told of with the others, and counted then.
            finishedCells -= cells.Count(c => !frontier.Exclude(c.Index));
            leases.Adopt(claim, cells, now);
            taken.Add(claim);
        }

        return taken;
    }

    private PendingCell? Pending(long index) =>
        index >= 0 && index < source.Size && source.At(index) is { } cell
            ? frontier.PendingOf(cell, source.Cost(cell))
            : null;
}
