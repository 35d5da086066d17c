using Layerbench.Core;
using Layerbench.Core.Engines;

namespace Layerbench.Web.Live;

/// <summary>The books of the sweeps that were asked for last.</summary>
internal sealed class SweepBooks(ISweepEngine engine, TimeProvider time) : IDisposable
{
    /// <summary>Books kept at most, and cells in all of them but the one that is asked for.</summary>
    private const int MostBooks = 50;

    private const long MostCells = 2 * SweepBook.MostCells;

    private readonly Lock gate = new();
    private readonly LinkedList<(SweepId Id, SweepBook Book, long Cells)> kept = [];

    /// <summary>Null: the store does not have the sweep yet.</summary>
    public async Task<SweepBook?> OfAsync(SweepStatus status, CancellationToken cancellation)
    {
        if (Find(status) is { } book)
        {
            return book;
        }

        var record = await engine.Results.SweepAsync(status.Id, cancellation);
        if (record is null)
        {
            return null;
        }

        lock (gate)
        {
            if (Find(status) is { } raced)
            {
                return raced;
            }

            var made = new SweepBook(record, engine.Results, time);
            kept.AddFirst((status.Id, made, status.Finished));
            while (kept.Count > 1 && (kept.Count > MostBooks || kept.Sum(b => b.Cells) > MostCells))
            {
                kept.Last!.Value.Book.Dispose();
                kept.RemoveLast();
            }

            return made;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var (_, book, _) in kept)
            {
                book.Dispose();
            }

            kept.Clear();
        }
    }

    private SweepBook? Find(SweepStatus status)
    {
        lock (gate)
        {
            for (var at = kept.First; at is not null; at = at.Next)
            {
                if (at.Value.Id == status.Id)
                {
                    kept.Remove(at);
                    kept.AddFirst((status.Id, at.Value.Book, status.Finished));
                    return at.Value.Book;
                }
            }

            return null;
        }
    }
}
