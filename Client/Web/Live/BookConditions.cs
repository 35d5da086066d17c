using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Report.Data;

namespace Layerbench.Web.Live;

/// <summary>
/// What a sweep was measured under, kept up with the store. To find the environments of all launches takes a look at each,
/// so they are asked for again only when a cell brings one that is new, and once when the sweep has ended.
/// </summary>
internal sealed class BookConditions(SweepId sweep, IResultIndex results)
{
    /// <summary>Each once, so that a hundred thousand cells do not keep as many copies.</summary>
    private readonly Dictionary<FingerprintId, FingerprintId> known = [];

    private IReadOnlyList<Fingerprint> environments = [];
    private bool isNew = true;
    private bool isFinal;

    /// <summary>The cell, with what it names of this known here.</summary>
    public BookCell See(BookCell cell, IReadOnlyList<LaunchRecord> launches)
    {
        foreach (var launch in launches)
        {
            isNew |= known.TryAdd(launch.Fingerprint, launch.Fingerprint);
        }

        return cell.Work is { } work ? cell with { Work = work with { Fingerprint = known[work.Fingerprint] } } : cell;
    }

    public async Task<Conditions> NowAsync(bool hasEnded, CancellationToken cancellation)
    {
        // Before a cell has ended launches are kept already, and say where.
        if (isNew || known.Count == 0 || hasEnded != isFinal)
        {
            environments = await results.FingerprintsAsync(sweep, cancellation);
            (isNew, isFinal) = (false, hasEnded);
        }

        return Conditions.Of(await results.CanariesAsync(sweep, cancellation), environments);
    }
}
