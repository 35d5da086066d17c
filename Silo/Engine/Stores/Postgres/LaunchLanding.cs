using Layerbench.Core;
using Layerbench.Core.Results;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>A launch that is new, where it lands.</summary>
internal sealed record LandingLaunch(LockedCell Cell, long Fingerprint, LaunchRecord Launch, LaunchTexts Texts);

/// <summary>Decides which of a group's launches are new, and writes those.</summary>
internal sealed class LaunchLanding(NpgsqlConnection connection, LockedCells cells)
{
    private readonly Dictionary<(LockedCell Cell, LaunchKind Kind), List<HeldLaunch>> held = [];
    private readonly List<LandingLaunch> landing = [];

    /// <summary>Reads what is kept of the cells, which are locked: it stays so until the transaction ends.</summary>
    public async Task FindHeldAsync(IEnumerable<(long Sweep, CellId Cell)> wanted)
    {
        var old = wanted.Select(w => cells[w.Sweep, w.Cell]).Where(c => !c.IsNew).Distinct().ToDictionary(c => c.Key);
        if (old.Count == 0)
        {
            return;
        }

        // Two branches, so that each can use its own partial index.
        var rows = await connection
            .Statement(
                """
                SELECT cell_id, kind, number, superseded, fingerprint_id, attempt, started_us
                FROM launches WHERE cell_id = ANY($1) AND superseded = 0
                UNION ALL
                SELECT cell_id, kind, number, superseded, fingerprint_id, attempt, started_us
                FROM launches WHERE cell_id = ANY($1) AND superseded = 1
                """,
                [old.Keys.ToArray()]
            )
            .RowsAsync(r =>
                (
                    At: (old[r.GetInt64(0)], (LaunchKind)r.GetInt16(1)),
                    Launch: new HeldLaunch(
                        r.GetInt32(2),
                        r.GetInt16(3) != 0,
                        r.GetInt64(4),
                        r.GetInt32(5),
                        r.GetInt64(6)
                    )
                )
            );
        foreach (var (at, launch) in rows)
        {
            Held(at).Add(launch);
        }
    }

    /// <summary>Takes a batch in, whole or not at all.</summary>
    /// <exception cref="InvalidOperationException">It would mix fingerprints within a cell.</exception>
    public AcceptResult Admit(AcceptWrite write, long sweep, long fingerprint)
    {
        var before = landing.Count;
        var launches = write.Batch.Launches;
        try
        {
            for (var i = 0; i < launches.Count; i++)
            {
                var cell = cells[sweep, launches[i].Cell];
                var same = Held((cell, launches[i].Kind));
                if (LaunchAdmission.Admit(launches[i], fingerprint, same, cell.Finished))
                {
                    same.Add(HeldLaunch.Of(launches[i], fingerprint));
                    landing.Add(new LandingLaunch(cell, fingerprint, launches[i], write.Texts[i]));
                }
            }
        }
        catch
        {
            foreach (var taken in landing.Skip(before))
            {
                Held((taken.Cell, taken.Launch.Kind)).Remove(HeldLaunch.Of(taken.Launch, fingerprint));
            }

            landing.RemoveRange(before, landing.Count - before);
            throw;
        }

        return new AcceptResult(landing.Count - before, launches.Count - (landing.Count - before));
    }

    public Task WriteAsync() => landing.Count == 0 ? Task.CompletedTask : LaunchRows.WriteAsync(connection, landing);

    private List<HeldLaunch> Held((LockedCell Cell, LaunchKind Kind) at)
    {
        if (!held.TryGetValue(at, out var launches))
        {
            held.Add(at, launches = []);
        }

        return launches;
    }
}
