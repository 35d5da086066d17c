using Layerbench.Core;
using Layerbench.Core.Results;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>
/// Keys of sweeps and fingerprints, whose rows are never deleted; to be forgotten when a transaction did not come through.
/// </summary>
internal sealed class KnownKeys
{
    private readonly Dictionary<string, long> sweeps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> fingerprints = new(StringComparer.Ordinal);

    /// <summary>Null: the store has no such sweep.</summary>
    public long? Sweep(SweepId sweep) => sweeps.TryGetValue(sweep.Value, out var key) ? key : null;

    public long Fingerprint(FingerprintId fingerprint) => fingerprints[fingerprint.Value];

    /// <summary>Looks those up that are not known yet.</summary>
    public async Task FindAsync(NpgsqlConnection connection, IEnumerable<SweepId> wanted)
    {
        var missing = wanted.Select(s => s.Value).Where(s => !sweeps.ContainsKey(s)).Distinct().ToArray();
        if (missing.Length > 0)
        {
            await RememberAsync(
                sweeps,
                connection.Statement("SELECT sweep, sweep_id FROM sweeps WHERE sweep = ANY($1)", [missing])
            );
        }
    }

    /// <summary>Keeps those that the store has not; in one order, so that no two writers wait for each other in a ring.</summary>
    public async Task KeepAsync(NpgsqlConnection connection, IEnumerable<Fingerprint> wanted)
    {
        var missing = wanted
            .Where(f => !fingerprints.ContainsKey(f.Id.Value))
            .DistinctBy(f => f.Id)
            .OrderBy(f => f.Id.Value, StringComparer.Ordinal)
            .ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var ids = missing.Select(f => f.Id.Value).ToArray();
        await connection
            .Statement(
                """
                INSERT INTO fingerprints (fingerprint, entries) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING
                """,
                ids,
                missing.Select(f => PostgresText.Of(StoreText.Entries(f.Entries))).ToArray()
            )
            .RunAsync();
        await RememberAsync(
            fingerprints,
            connection.Statement(
                "SELECT fingerprint, fingerprint_id FROM fingerprints WHERE fingerprint = ANY($1)",
                [ids]
            )
        );
    }

    public void Forget()
    {
        sweeps.Clear();
        fingerprints.Clear();
    }

    private static async Task RememberAsync(Dictionary<string, long> known, NpgsqlCommand query)
    {
        foreach (var (name, key) in await query.RowsAsync(r => (r.GetString(0), r.GetInt64(1))))
        {
            known[name] = key;
        }
    }
}
