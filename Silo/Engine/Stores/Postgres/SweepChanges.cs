using Layerbench.Core;
using Layerbench.Core.Results;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>Rare changes, each in a transaction of its own: sweeps, epochs, launches set aside, cells opened again.</summary>
internal static class SweepChanges
{
    public static async Task<bool> SaveAsync(NpgsqlConnection connection, SweepRecord sweep) =>
        await connection
            .Statement(
                """
                INSERT INTO sweeps (sweep, name, spec, seed, created_us, product_version)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sweep) DO NOTHING
                """,
                sweep.Id.Value,
                PostgresText.Of(sweep.Name),
                PostgresText.Of(sweep.Spec),
                unchecked((long)sweep.Seed),
                StoreText.Microseconds(sweep.CreatedAt),
                sweep.ProductVersion
            )
            .RunAsync() > 0;

    /// <summary>Waits for writes of older epochs that are on their way: see <see cref="GroupTransaction"/>.</summary>
    public static async Task<long> TakeEpochAsync(NpgsqlConnection connection, SweepId sweep) =>
        (
            await connection
                .Statement(
                    """
                    INSERT INTO epochs (sweep_id, epoch) VALUES ($1, 1)
                    ON CONFLICT (sweep_id) DO UPDATE SET epoch = epochs.epoch + 1
                    RETURNING epoch
                    """,
                    await KeyAsync(connection, sweep)
                )
                .RowsAsync(r => r.GetInt64(0))
        )[0];

    public static async Task<int> SupersedeAsync(
        NpgsqlConnection connection,
        SweepId sweep,
        CellId cell,
        FingerprintId keep
    )
    {
        var open = await connection
            .Statement(
                "SELECT cell_id FROM cells WHERE sweep_id = $1 AND cell = $2 AND outcome IS NULL FOR UPDATE",
                await KeyAsync(connection, sweep),
                cell.Value
            )
            .RowsAsync(r => r.GetInt64(0));
        return open.Count == 0
            ? 0
            : await connection
                .Statement(
                    """
                    UPDATE launches SET superseded = 1
                    WHERE cell_id = $1 AND superseded = 0
                      AND fingerprint_id NOT IN (SELECT fingerprint_id FROM fingerprints WHERE fingerprint = $2)
                    """,
                    open[0],
                    keep.Value
                )
                .RunAsync();
    }

    public static async Task<int> ReopenAsync(
        NpgsqlConnection connection,
        SweepId sweep,
        IReadOnlyCollection<string> outcomes
    )
    {
        var key = await KeyAsync(connection, sweep);
        string[] names = [.. outcomes];
        await LockAsync(connection, key, names);
        await connection
            .Statement(
                """
                UPDATE incidents SET forgiven = 1
                WHERE sweep_id = $1 AND forgiven = 0
                  AND cell IN (SELECT cell FROM cells WHERE sweep_id = $1 AND outcome = ANY($2))
                """,
                key,
                names
            )
            .RunAsync();
        return await OpenAsync(connection, key, names, fewest: 0, most: int.MaxValue);
    }

    public static async Task<int> ReopenUnconvergedAsync(NpgsqlConnection connection, SweepId sweep, int fewerThan)
    {
        var key = await KeyAsync(connection, sweep);
        string[] names = [new Outcome.Unconverged("").Name];
        await LockAsync(connection, key, names);
        return await OpenAsync(connection, key, names, fewest: 1, most: fewerThan - 1);
    }

    /// <summary>In the order in which every writer locks cells.</summary>
    private static Task LockAsync(NpgsqlConnection connection, long sweep, string[] outcomes) =>
        connection
            .Statement(
                """
                SELECT COUNT(*) FROM (
                  SELECT 1 FROM cells WHERE sweep_id = $1 AND outcome = ANY($2) ORDER BY cell FOR UPDATE) locked
                """,
                sweep,
                outcomes
            )
            .RunAsync();

    /// <param name="fewest">Of the cell's time launches that are kept.</param>
    private static Task<int> OpenAsync(
        NpgsqlConnection connection,
        long sweep,
        string[] outcomes,
        int fewest,
        int most
    ) =>
        connection
            .Statement(
                """
                UPDATE cells SET outcome = NULL, reason = NULL, device = NULL, finished_us = NULL
                WHERE sweep_id = $1 AND outcome = ANY($2)
                  AND (SELECT COUNT(*) FROM launches l
                    WHERE l.cell_id = cells.cell_id AND kind = 0 AND superseded = 0) BETWEEN $3 AND $4
                """,
                sweep,
                outcomes,
                fewest,
                most
            )
            .RunAsync();

    private static async Task<long> KeyAsync(NpgsqlConnection connection, SweepId sweep)
    {
        var found = await connection
            .Statement("SELECT sweep_id FROM sweeps WHERE sweep = $1", sweep.Value)
            .RowsAsync(r => r.GetInt64(0));
        return found.Count > 0 ? found[0] : throw WriteRules.NoSweep(sweep);
    }
}
