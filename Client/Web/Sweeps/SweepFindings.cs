using Layerbench.Core.Analysis;
using Layerbench.Core.Engines;
using Layerbench.Web.Live;

namespace Layerbench.Web.Sweeps;

/// <summary>What a sweep's results say while it runs, by its book.</summary>
internal sealed class SweepFindings(ISweepEngine engine, SweepBooks books)
{
    public async Task<SweepDetails> DetailsAsync(SweepStatus status, CancellationToken cancellation)
    {
        var incidents = await engine.Results.LatestIncidentsAsync(
            status.Id,
            before: null,
            SweepDetails.ShownIncidents,
            cancellation
        );
        var book = await books.OfAsync(status, cancellation);
        return new SweepDetails(
            status,
            book is null
                ? new Dictionary<string, VerdictCounts>()
                : (await book.UpToDateAsync(status, cancellation)).Verdicts.Summary.Variants,
            [.. incidents.Incidents.Select(i => i.Incident)],
            incidents.Count
        );
    }
}
