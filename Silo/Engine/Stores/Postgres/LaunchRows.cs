using Layerbench.Core.Results;
using Npgsql;
using NpgsqlTypes;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>Writes launches in one statement, and what belongs to them by COPY.</summary>
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
                    (l, t) => (Key(l), t.First, t.Second)
                ),
            ]
        );
        await CurvesAsync(
            connection,
            [
                .. launches.SelectMany(
                    l => l.Launch.Curves.Zip(l.Texts.Curves),
                    (l, c) => (Key(l), c.First.Variant, c.Second)
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

    private static Task SamplesAsync(NpgsqlConnection connection, IReadOnlyList<(long Key, Sample Sample)> rows) =>
        CopyAsync(
            connection,
            """
            samples (launch_id, block, variant, position, iterations, wall_ns, cpu_ns, device_ns, involuntary_switches,
              pressure_us, accepted, reason)
            """,
            rows,
            async (copy, row) =>
            {
                var (key, sample) = row;
                await copy.WriteAsync(key, NpgsqlDbType.Bigint);
                await copy.WriteAsync(sample.Block, NpgsqlDbType.Integer);
                await copy.WriteAsync(sample.Variant, NpgsqlDbType.Integer);
                await copy.WriteAsync(sample.Position, NpgsqlDbType.Integer);
                await copy.WriteAsync(sample.Iterations, NpgsqlDbType.Bigint);
                await copy.WriteAsync(sample.WallNanoseconds, NpgsqlDbType.Bigint);
                await copy.WriteAsync(sample.CpuNanoseconds, NpgsqlDbType.Bigint);
                await NullableAsync(copy, sample.DeviceNanoseconds, NpgsqlDbType.Bigint);
                await copy.WriteAsync(sample.InvoluntarySwitches, NpgsqlDbType.Bigint);
                await copy.WriteAsync(sample.PressureMicroseconds, NpgsqlDbType.Bigint);
                await copy.WriteAsync((short)(sample.Accepted ? 1 : 0), NpgsqlDbType.Smallint);
                await NullableAsync(copy, PostgresText.OrNull(sample.Reason));
            }
        );

    private static Task PeaksAsync(NpgsqlConnection connection, IReadOnlyList<(long Key, MemoryPeak Peak)> rows) =>
        CopyAsync(
            connection,
            "memory (launch_id, variant, peak_bytes, method)",
            rows,
            async (copy, row) =>
            {
                await copy.WriteAsync(row.Key, NpgsqlDbType.Bigint);
                await copy.WriteAsync(row.Peak.Variant, NpgsqlDbType.Integer);
                await copy.WriteAsync(row.Peak.PeakBytes, NpgsqlDbType.Bigint);
                await copy.WriteAsync(PostgresText.Of(row.Peak.Method), NpgsqlDbType.Text);
            }
        );

    private static Task TrainingsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(long Key, Training Training, (string Values, string Series) Texts)> rows
    ) =>
        CopyAsync(
            connection,
            """trainings (launch_id, variant, status, metric, guess, steps, duration_ns, "values", series)""",
            rows,
            async (copy, row) =>
            {
                await copy.WriteAsync(row.Key, NpgsqlDbType.Bigint);
                await copy.WriteAsync(row.Training.Variant, NpgsqlDbType.Integer);
                await copy.WriteAsync(row.Training.StatusName, NpgsqlDbType.Text);
                await copy.WriteAsync(PostgresText.Of(row.Training.Metric), NpgsqlDbType.Text);
                await NullableAsync(copy, row.Training.Guess, NpgsqlDbType.Double);
                await copy.WriteAsync(row.Training.Steps, NpgsqlDbType.Bigint);
                await copy.WriteAsync(StoreText.Nanoseconds(row.Training.Duration), NpgsqlDbType.Bigint);
                await copy.WriteAsync(PostgresText.Of(row.Texts.Values), NpgsqlDbType.Text);
                await copy.WriteAsync(PostgresText.Of(row.Texts.Series), NpgsqlDbType.Text);
            }
        );

    private static Task CurvesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(long Key, int Variant, string Series)> rows
    ) =>
        CopyAsync(
            connection,
            "curves (launch_id, variant, series)",
            rows,
            async (copy, row) =>
            {
                await copy.WriteAsync(row.Key, NpgsqlDbType.Bigint);
                await copy.WriteAsync(row.Variant, NpgsqlDbType.Integer);
                await copy.WriteAsync(PostgresText.Of(row.Series), NpgsqlDbType.Text);
            }
        );

    /// <param name="into">Table and columns.</param>
    private static async Task CopyAsync<T>(
        NpgsqlConnection connection,
        string into,
        IReadOnlyList<T> rows,
        Func<NpgsqlBinaryImporter, T, Task> write
    )
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var copy = await connection.BeginBinaryImportAsync($"COPY {into} FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            await copy.StartRowAsync();
            await write(copy, row);
        }

        await copy.CompleteAsync();
    }

    private static Task NullableAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type)
        where T : struct => value is { } known ? copy.WriteAsync(known, type) : copy.WriteNullAsync();

    private static Task NullableAsync(NpgsqlBinaryImporter copy, string? value) =>
        value is null ? copy.WriteNullAsync() : copy.WriteAsync(value, NpgsqlDbType.Text);
}
