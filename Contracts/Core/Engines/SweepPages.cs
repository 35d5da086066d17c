using Layerbench.Core.Results;

namespace Layerbench.Core.Engines;

/// <summary>Pages of an engine's sweeps.</summary>
public static class SweepPages
{
    /// <summary>The newest first.</summary>
    /// <param name="all">What the store has.</param>
    /// <param name="status">Null: there is no such sweep any more.</param>
    /// <param name="askedTogether">So many are asked for at once.</param>
    public static async Task<SweepPage> ReadAsync(
        IEnumerable<SweepRecord> all,
        SweepQuery query,
        Func<SweepId, Task<SweepStatus?>> status,
        int askedTogether = 1
    )
    {
        var ordered = all.OrderByDescending(s => s.CreatedAt).ThenBy(s => s.Id.Value, StringComparer.Ordinal);
        var rest = query.After is { } after ? ordered.SkipWhile(s => s.Id != after).Skip(1) : ordered;
        List<SweepStatus> page = [];
        foreach (var some in rest.Chunk(askedTogether))
        {
            foreach (var answer in await Task.WhenAll(some.Select(s => status(s.Id))))
            {
                if (answer is null || (query.User is not null && query.User != answer.User))
                {
                    continue;
                }

                if (page.Count == query.Limit)
                {
                    return new SweepPage(page, page[^1].Id);
                }

                page.Add(answer);
            }
        }

        return new SweepPage(page, Next: null);
    }
}
