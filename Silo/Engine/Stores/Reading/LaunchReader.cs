using System.Data.Common;
using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores.Reading;

/// <summary>Reads a cell's launches that are kept, in one read transaction, so that none comes without its samples.</summary>
internal sealed class LaunchReader(
    IReadSource source,
    DbConnection connection,
    SweepId sweep,
    CellId cell,
    CancellationToken cancellation
)
{
    private const string Kept = """
        FROM launches l
        JOIN cells c ON c.cell_id = l.cell_id
        """;

    // Not by a join with sweeps: a planner that knows nothing of the tables looks for the cell's name in all sweeps then.
    private const string Where =
        "WHERE c.sweep_id = (SELECT sweep_id FROM sweeps WHERE sweep = @sweep) AND c.cell = @cell AND l.superseded = 0";

    public async Task<IReadOnlyList<LaunchRecord>> ReadAsync()
    {
        // A store that was last written before there were curves has no table of them.
        var hasCurves = await source.HasTableAsync(connection, "curves", cancellation);
        await using var transaction = await source.BeginSnapshotAsync(connection, cancellation);
        var samples = await SamplesAsync(transaction);
        var peaks = await PeaksAsync(transaction);
        var curves = hasCurves ? await CurvesAsync(transaction) : [];
        var launches = await LaunchesAsync(transaction, samples, peaks, curves);
        // A store that was last written before there were trainings has no launch of theirs, nor their table.
        return launches.Exists(l => l.Kind == LaunchKind.Quality)
            ? await WithTrainingsAsync(launches, transaction)
            : launches;
    }

    private async Task<List<LaunchRecord>> LaunchesAsync(
        DbTransaction transaction,
        Dictionary<long, List<Sample>> samples,
        Dictionary<long, List<MemoryPeak>> peaks,
        Dictionary<long, List<VariantCurves>> curves
    )
    {
        var launches = new List<LaunchRecord>();
        await using var command = Command(
            transaction,
            $"""
            SELECT l.launch_id, l.kind, l.number, l.attempt, l.device, f.fingerprint, l.started_us, l.position, l.seed,
              l.process_start_ns, l.gate_ns, l.warm_up_ns, l.measure_ns, l.steady, l.facts
            {Kept} JOIN fingerprints f ON f.fingerprint_id = l.fingerprint_id
            {Where} ORDER BY l.kind, l.number
            """
        );
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var key = rows.GetInt64(0);
            launches.Add(
                new LaunchRecord(
                    cell,
                    (LaunchKind)rows.GetInt32(1),
                    rows.GetInt32(2),
                    rows.GetInt32(3),
                    new DeviceId(rows.GetString(4)),
                    new FingerprintId(rows.GetString(5)),
                    StoreText.Time(rows.GetInt64(6)),
                    rows.GetInt32(7),
                    unchecked((ulong)rows.GetInt64(8)),
                    StoreText.Duration(rows.GetInt64(9)),
                    new PhaseTimes(
                        StoreText.Duration(rows.GetInt64(10)),
                        StoreText.Duration(rows.GetInt64(11)),
                        StoreText.Duration(rows.GetInt64(12))
                    ),
                    rows.GetInt32(13) != 0,
                    StoreText.Facts(rows.GetString(14)),
                    samples.GetValueOrDefault(key) ?? [],
                    peaks.GetValueOrDefault(key) ?? []
                )
                {
                    Curves = curves.GetValueOrDefault(key) ?? [],
                }
            );
        }

        return launches;
    }

    private async Task<IReadOnlyList<LaunchRecord>> WithTrainingsAsync(
        List<LaunchRecord> launches,
        DbTransaction transaction
    )
    {
        var trainings = new Dictionary<long, List<Training>>();
        await using var command = Command(
            transaction,
            $"""
            SELECT l.number, x.variant, x.status, x.metric, x.guess, x.steps, x.duration_ns, x."values", x.series
            {Kept} JOIN trainings x ON x.launch_id = l.launch_id
            {Where} ORDER BY l.number, x.variant
            """
        );
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            Of(trainings, rows.GetInt64(0))
                .Add(
                    new Training(
                        rows.GetInt32(1),
                        Enum.Parse<TrainingStatus>(rows.GetString(2), ignoreCase: true),
                        rows.GetString(3),
                        rows.IsDBNull(4) ? null : rows.GetDouble(4),
                        rows.GetInt64(5),
                        StoreText.Duration(rows.GetInt64(6)),
                        StoreText.Values(rows.GetString(7)),
                        StoreText.Series(rows.GetString(8))
                    )
                );
        }

        return
        [
            .. launches.Select(l =>
                l.Kind == LaunchKind.Quality ? l with { Trainings = trainings.GetValueOrDefault(l.Number) ?? [] } : l
            ),
        ];
    }

    private async Task<Dictionary<long, List<Sample>>> SamplesAsync(DbTransaction transaction)
    {
        var samples = new Dictionary<long, List<Sample>>();
        await using var command = Command(
            transaction,
            $"""
            SELECT x.launch_id, x.variant, x.block, x.position, x.iterations, x.wall_ns, x.cpu_ns, x.device_ns,
              x.involuntary_switches, x.pressure_us, x.accepted, x.reason
            {Kept} JOIN samples x ON x.launch_id = l.launch_id
            {Where} ORDER BY x.launch_id, x.block, x.position, x.variant
            """
        );
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            Of(samples, rows.GetInt64(0))
                .Add(
                    new Sample(
                        rows.GetInt32(1),
                        rows.GetInt32(2),
                        rows.GetInt32(3),
                        rows.GetInt64(4),
                        rows.GetInt64(5),
                        rows.GetInt64(6),
                        rows.IsDBNull(7) ? null : rows.GetInt64(7),
                        rows.GetInt64(8),
                        rows.GetInt64(9),
                        rows.GetInt32(10) != 0,
                        rows.IsDBNull(11) ? null : rows.GetString(11)
                    )
                );
        }

        return samples;
    }

    private async Task<Dictionary<long, List<MemoryPeak>>> PeaksAsync(DbTransaction transaction)
    {
        var peaks = new Dictionary<long, List<MemoryPeak>>();
        await using var command = Command(
            transaction,
            $"""
            SELECT x.launch_id, x.variant, x.peak_bytes, x.method
            {Kept} JOIN memory x ON x.launch_id = l.launch_id
            {Where} ORDER BY x.launch_id, x.variant
            """
        );
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            Of(peaks, rows.GetInt64(0)).Add(new MemoryPeak(rows.GetInt32(1), rows.GetInt64(2), rows.GetString(3)));
        }

        return peaks;
    }

    private async Task<Dictionary<long, List<VariantCurves>>> CurvesAsync(DbTransaction transaction)
    {
        var curves = new Dictionary<long, List<VariantCurves>>();
        await using var command = Command(
            transaction,
            $"""
            SELECT x.launch_id, x.variant, x.series
            {Kept} JOIN curves x ON x.launch_id = l.launch_id
            {Where} ORDER BY x.launch_id, x.variant
            """
        );
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            Of(curves, rows.GetInt64(0)).Add(new VariantCurves(rows.GetInt32(1), StoreText.Series(rows.GetString(2))));
        }

        return curves;
    }

    private static List<T> Of<T>(Dictionary<long, List<T>> lists, long launch)
    {
        if (!lists.TryGetValue(launch, out var list))
        {
            lists.Add(launch, list = []);
        }

        return list;
    }

    private DbCommand Command(DbTransaction transaction, string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The text is this file's own; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        Add(command, "sweep", sweep.Value);
        Add(command, "cell", cell.Value);
        return command;
    }

    private static void Add(DbCommand command, string name, string value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
