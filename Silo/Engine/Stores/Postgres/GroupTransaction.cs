using Layerbench.Core;
using Layerbench.Core.Results;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>
/// What a group writes, inside a transaction that <see cref="PostgresGroups"/> begins and ends. Every write is told its
/// answer or its refusal, which count once the transaction is durable.
/// </summary>
internal sealed class GroupTransaction(NpgsqlConnection connection, KnownKeys keys, IReadOnlyList<ISharedWrite> writes)
{
    private readonly List<(ISharedWrite Write, long Sweep)> held = [];

    public async Task RunAsync()
    {
        await FindSweepsAsync();
        await FenceAsync();
        await keys.KeepAsync(connection, held.Select(h => h.Write.Fingerprint).OfType<Fingerprint>());
        var cells = await LockedCells.FindAsync(connection, held.SelectMany(CellsOf));
        var landing = await AcceptAsync(cells);
        Finish(cells);
        await cells.WriteAsync();
        await landing.WriteAsync();
        foreach (var (side, sweep) in Of<SideWrite>())
        {
            await side.RunAsync(connection, sweep, side.Fingerprint is { } f ? keys.Fingerprint(f.Id) : 0);
        }
    }

    private IEnumerable<(T Write, long Sweep)> Of<T>()
        where T : ISharedWrite => held.Where(h => h.Write is T).Select(h => ((T)h.Write, h.Sweep));

    private static IEnumerable<(long Sweep, CellId Cell)> CellsOf((ISharedWrite Write, long Sweep) held) =>
        held.Write switch
        {
            AcceptWrite { Batch: var batch } => batch
                .Launches.Select(l => l.Cell)
                .Concat(batch.Ends.Select(e => e.Id))
                .Select(c => (held.Sweep, c)),
            FinishWrite finish => finish.Cells.Select(c => (held.Sweep, c.Id)),
            _ => [],
        };

    private async Task FindSweepsAsync()
    {
        await keys.FindAsync(connection, writes.Select(w => w.Sweep));
        foreach (var write in writes)
        {
            if (keys.Sweep(write.Sweep) is { } sweep)
            {
                held.Add((write, sweep));
            }
            else
            {
                write.Note(WriteRules.NoSweep(write.Sweep));
            }
        }
    }

    /// <summary>
    /// Refuses the writes of older epochs. The lock lasts until the transaction ends: a newer epoch is begun before it, and
    /// found here, or waits for it.
    /// </summary>
    private async Task FenceAsync()
    {
        var fenced = held.Where(h => h.Write.Epoch is not null).Select(h => h.Sweep).Distinct().Order().ToArray();
        if (fenced.Length == 0)
        {
            return;
        }

        var epochs = (
            await connection
                .Statement(
                    "SELECT sweep_id, epoch FROM epochs WHERE sweep_id = ANY($1) ORDER BY sweep_id FOR SHARE",
                    [fenced]
                )
                .RowsAsync(r => (Sweep: r.GetInt64(0), Epoch: r.GetInt64(1)))
        ).ToDictionary(e => e.Sweep, e => e.Epoch);
        held.RemoveAll(h =>
        {
            var stale = h.Write.Epoch is { } epoch && epochs.TryGetValue(h.Sweep, out var now) && epoch < now;
            if (stale)
            {
                h.Write.Note(new StaleEpochException(h.Write.Sweep, h.Write.Epoch!.Value, epochs[h.Sweep]));
            }

            return stale;
        });
    }

    private async Task<LaunchLanding> AcceptAsync(LockedCells cells)
    {
        var accepts = Of<AcceptWrite>().ToList();
        var landing = new LaunchLanding(connection, cells);
        await landing.FindHeldAsync(accepts.SelectMany(a => CellsOf((a.Write, a.Sweep))));
        foreach (var (accept, sweep) in accepts)
        {
            try
            {
                accept.Answer(landing.Admit(accept, sweep, keys.Fingerprint(accept.Batch.Fingerprint.Id)));
                Finish(cells, sweep, accept.Batch.Ends, accept.EndTexts);
            }
            catch (InvalidOperationException refusal)
            {
                accept.Note(refusal);
            }
        }

        return landing;
    }

    private void Finish(LockedCells cells)
    {
        foreach (var (finish, sweep) in Of<FinishWrite>())
        {
            finish.Answer(Finish(cells, sweep, finish.Cells, finish.Texts));
        }
    }

    /// <returns>How many are new.</returns>
    private static int Finish(LockedCells cells, long sweep, IReadOnlyList<CellResult> results, CellTexts[] texts) =>
        results.Zip(texts).Count(end => cells[sweep, end.First.Id].Finish(end.First, end.Second));
}
