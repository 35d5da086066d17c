using Layerbench.Core.Results;
using Npgsql;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>Writes launches in one statement, and what belongs to them in one a table.</summary>
/// <remarks>
/// Not by COPY: a client that hangs in the middle of one holds its locks until it goes on, because the server does not take
/// its session for one that is idle in a transaction, which it ends.
/// </remarks>
internal static class LaunchRows
{
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<LandingLaunch> launches)
    {
        var keys = await AddAsync(connection, launches);
        long Key(LandingLaunch l) => keys[(l.Cell.Key, (short)l.Launch.Kind, l.Launch.Number)];
        await SamplesAsync(connection, [.. launches.SelectMany(l => l.Launch.Samples, (l, s) => (Key(l), s))]);
        await PeaksAsync(connection, [.. launches.SelectMany(l => l.Launch.Memory, (l, p) => (Key(l), p))]);
        await TrainingsAsync(
            connection,
            [
                .. launches.SelectMany(
                    l => l.Launch.Trainings.Zip(l.Texts.Trainings),
                    (l, t) => (Key(l), (t.First, t.Second))
                ),
            ]
        );
        await CurvesAsync(
            connection,
            [
                .. launches.SelectMany(
                    l => l.Launch.Curves.Zip(l.Texts.Curves),
                    (l, c) => (Key(l), (c.First.Variant, c.Second))
                ),
            ]
        );
    }

    private static async Task<Dictionary<(long Cell, short Kind, int Number), long>> AddAsync(
        NpgsqlConnection connection,
        IReadOnlyList<LandingLaunch> launches
    )
    {
        T[] Column<T>(Func<LaunchRecord, T> of) => [.. launches.Select(l => of(l.Launch))];
        var added = await connection
            .Statement(
                """
                INSERT INTO launches (cell_id, fingerprint_id, facts, kind, number, attempt, device, started_us, position,
                  seed, process_start_ns, gate_ns, warm_up_ns, measure_ns, steady)
                SELECT cell_id, fingerprint_id, facts, kind, number, attempt, device, started_us, position, seed,
                  process_start_ns, gate_ns, warm_up_ns, measure_ns, steady
                FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) WITH ORDINALITY
                  AS l (cell_id, fingerprint_id, facts, kind, number, attempt, device, started_us, position, seed,
                    process_start_ns, gate_ns, warm_up_ns, measure_ns, steady, place)
                ORDER BY place
                RETURNING cell_id, kind, number, launch_id
                """,
                launches.Select(l => l.Cell.Key).ToArray(),
                launches.Select(l => l.Fingerprint).ToArray(),
                launches.Select(l => PostgresText.Of(l.Texts.Facts)).ToArray(),
                Column(l => (short)l.Kind),
                Column(l => l.Number),
                Column(l => l.Attempt),
                Column(l => l.Device.Value),
                Column(l => StoreText.Microseconds(l.StartedAt)),
                Column(l => l.Position),
                Column(l => unchecked((long)l.Seed)),
                Column(l => StoreText.Nanoseconds(l.ProcessStart)),
                Column(l => StoreText.Nanoseconds(l.Phases.Gate)),
                Column(l => StoreText.Nanoseconds(l.Phases.WarmUp)),
                Column(l => StoreText.Nanoseconds(l.Phases.Measure)),
                Column(l => (short)(l.Steady ? 1 : 0))
            )
            .RowsAsync(r => (At: (r.GetInt64(0), r.GetInt16(1), r.GetInt32(2)), Key: r.GetInt64(3)));
        return added.ToDictionary(a => a.At, a => a.Key);
    }

    private static Task SamplesAsync(NpgsqlConnection connection, IReadOnlyList<(long Key, Sample Sample)> rows)
    {
        T[] Column<T>(Func<Sample, T> of) => [.. rows.Select(r => of(r.Sample))];
        return AddAsync(
            connection,
            """
            INSERT INTO samples (launch_id, block, variant, position, iterations, wall_ns, cpu_ns, device_ns,
              involuntary_switches, pressure_us, accepted, reason)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            [
                Keys(rows),
                Column(s => s.Block),
                Column(s => s.Variant),
                Column(s => s.Position),
                Column(s => s.Iterations),
                Column(s => s.WallNanoseconds),
                Column(s => s.CpuNanoseconds),
                Column(s => s.DeviceNanoseconds),
                Column(s => s.InvoluntarySwitches),
                Column(s => s.PressureMicroseconds),
                Column(s => (short)(s.Accepted ? 1 : 0)),
                Column(s => PostgresText.OrNull(s.Reason)),
            ]
        );
    }

    private static Task PeaksAsync(NpgsqlConnection connection, IReadOnlyList<(long Key, MemoryPeak Peak)> rows) =>
        AddAsync(
            connection,
            "INSERT INTO memory (launch_id, variant, peak_bytes, method) SELECT * FROM unnest($1, $2, $3, $4)",
            [
                Keys(rows),
                rows.Select(r => r.Peak.Variant).ToArray(),
                rows.Select(r => r.Peak.PeakBytes).ToArray(),
                rows.Select(r => PostgresText.Of(r.Peak.Method)).ToArray(),
            ]
        );

    private static Task TrainingsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(long Key, (Training Training, (string Values, string Series) Texts) Row)> rows
    )
    {
        T[] Column<T>(Func<Training, T> of) => [.. rows.Select(r => of(r.Row.Training))];
        return AddAsync(
            connection,
            """
            INSERT INTO trainings (launch_id, variant, status, metric, guess, steps, duration_ns, "values", series)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                Keys(rows),
                Column(t => t.Variant),
                Column(t => t.StatusName),
                Column(t => PostgresText.Of(t.Metric)),
                Column(t => t.Guess),
                Column(t => t.Steps),
                Column(t => StoreText.Nanoseconds(t.Duration)),
                rows.Select(r => PostgresText.Of(r.Row.Texts.Values)).ToArray(),
                rows.Select(r => PostgresText.Of(r.Row.Texts.Series)).ToArray(),
            ]
        );
    }

    private static Task CurvesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(long Key, (int Variant, string Series) Row)> rows
    ) =>
        AddAsync(
            connection,
            "INSERT INTO curves (launch_id, variant, series) SELECT * FROM unnest($1, $2, $3)",
            [
                Keys(rows),
                rows.Select(r => r.Row.Variant).ToArray(),
                rows.Select(r => PostgresText.Of(r.Row.Series)).ToArray(),
            ]
        );

    private static long[] Keys<T>(IReadOnlyList<(long Key, T Row)> rows) => [.. rows.Select(r => r.Key)];

    private static async Task AddAsync(NpgsqlConnection connection, string sql, object[] columns)
    {
        if (((long[])columns[0]).Length > 0)
        {
            await connection.Statement(sql, columns).RunAsync();
        }
    }
}
