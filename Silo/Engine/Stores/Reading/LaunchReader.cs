using System.Data.Common;
using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores.Reading;

/// <summary>
/// Reads launches that are kept, of one cell or of several, in one read transaction, so that none comes without its samples.
/// Everything is found by its key.
/// </summary>
internal sealed class LaunchReader(IReadSource source, DbConnection connection, CancellationToken cancellation)
{
    /// <summary>By kind and number.</summary>
    public async Task<IReadOnlyList<LaunchRecord>> OfCellAsync(SweepId sweep, CellId cell)
    {
        const string one = """
            = (SELECT c.cell_id FROM cells c
               WHERE c.sweep_id = (SELECT s.sweep_id FROM sweeps s WHERE s.sweep = @sweep) AND c.cell = @cell)
            """;
        return
        [
            .. (await ReadAsync(one, ("sweep", sweep.Value), ("cell", cell.Value))).Select(l =>
                l.Record with
                {
                    Cell = cell,
                }
            ),
        ];
    }

    /// <summary>By the cell's key; each cell's by kind and number, cells without any left out.</summary>
    public async Task<IReadOnlyDictionary<long, List<LaunchRecord>>> OfCellsAsync(
        IReadOnlyCollection<(long Key, CellId Id)> cells
    )
    {
        var names = cells.ToDictionary(c => c.Key, c => c.Id);
        var launches = new Dictionary<long, List<LaunchRecord>>();
        foreach (var launch in await ReadAsync(Among(names.Keys)))
        {
            Of(launches, launch.Cell).Add(launch.Record with { Cell = names[launch.Cell] });
        }

        return launches;
    }

    /// <param name="cells">What follows the column of a launch's cell.</param>
    private async Task<List<Kept>> ReadAsync(string cells, params (string Name, string Value)[] parameters)
    {
        // A store that was last written before there were curves has no table of them.
        var hasCurves = await source.HasTableAsync(connection, "curves", cancellation);
        await using var transaction = await source.BeginSnapshotAsync(connection, cancellation);
        var launches = await LaunchesAsync(transaction, cells, parameters);
        if (launches.Count == 0)
        {
            return launches;
        }

        var among = Among(launches.Select(l => l.Key));
        var samples = await SamplesAsync(transaction, among);
        var peaks = await PeaksAsync(transaction, among);
        var curves = hasCurves ? await CurvesAsync(transaction, among) : [];
        // A store that was last written before there were trainings has no launch of theirs, nor their table.
        var quality = launches.Where(l => l.Record.Kind == LaunchKind.Quality).Select(l => l.Key).ToList();
        var trainings = quality.Count > 0 ? await TrainingsAsync(transaction, Among(quality)) : [];
        return launches.ConvertAll(l =>
            l with
            {
                Record = l.Record with
                {
                    Samples = samples.GetValueOrDefault(l.Key) ?? [],
                    Memory = peaks.GetValueOrDefault(l.Key) ?? [],
                    Curves = curves.GetValueOrDefault(l.Key) ?? [],
                    Trainings = trainings.GetValueOrDefault(l.Key) ?? [],
                },
            }
        );
    }

    private async Task<List<Kept>> LaunchesAsync(
        DbTransaction transaction,
        string cells,
        (string Name, string Value)[] parameters
    )
    {
        var launches = new List<Kept>();
        await using var command = Command(
            transaction,
            $"""
            SELECT l.launch_id, l.cell_id, l.kind, l.number, l.attempt, l.device, f.fingerprint, l.started_us, l.position,
              l.seed, l.process_start_ns, l.gate_ns, l.warm_up_ns, l.measure_ns, l.steady, l.facts
            FROM launches l JOIN fingerprints f ON f.fingerprint_id = l.fingerprint_id
            WHERE l.cell_id {cells} AND l.superseded = 0
            ORDER BY l.cell_id, l.kind, l.number, l.launch_id
            """
        );
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var record = new LaunchRecord(
                default,
                (LaunchKind)rows.GetInt32(2),
                rows.GetInt32(3),
                rows.GetInt32(4),
                new DeviceId(rows.GetString(5)),
                new FingerprintId(rows.GetString(6)),
                StoreText.Time(rows.GetInt64(7)),
                rows.GetInt32(8),
                unchecked((ulong)rows.GetInt64(9)),
                StoreText.Duration(rows.GetInt64(10)),
                new PhaseTimes(
                    StoreText.Duration(rows.GetInt64(11)),
                    StoreText.Duration(rows.GetInt64(12)),
                    StoreText.Duration(rows.GetInt64(13))
                ),
                rows.GetInt32(14) != 0,
                StoreText.Facts(rows.GetString(15)),
                [],
                []
            );
            launches.Add(new Kept(rows.GetInt64(0), rows.GetInt64(1), record));
        }

        return launches;
    }

    private async Task<Dictionary<long, List<Training>>> TrainingsAsync(DbTransaction transaction, string among)
    {
        var trainings = new Dictionary<long, List<Training>>();
        await using var command = Command(
            transaction,
            $"""
            SELECT launch_id, variant, status, metric, guess, steps, duration_ns, "values", series
            FROM trainings WHERE launch_id {among} ORDER BY launch_id, variant
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

        return trainings;
    }

    private async Task<Dictionary<long, List<Sample>>> SamplesAsync(DbTransaction transaction, string among)
    {
        var samples = new Dictionary<long, List<Sample>>();
        await using var command = Command(
            transaction,
            $"""
            SELECT launch_id, variant, block, position, iterations, wall_ns, cpu_ns, device_ns, involuntary_switches,
              pressure_us, accepted, reason
            FROM samples WHERE launch_id {among}
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

        // Here, because the table's key has the variant where this has the place.
        foreach (var launch in samples.Values)
        {
            launch.Sort(static (a, b) => (a.Block, a.Position, a.Variant).CompareTo((b.Block, b.Position, b.Variant)));
        }

        return samples;
    }

    private async Task<Dictionary<long, List<MemoryPeak>>> PeaksAsync(DbTransaction transaction, string among)
    {
        var peaks = new Dictionary<long, List<MemoryPeak>>();
        await using var command = Command(
            transaction,
            $"""
            SELECT launch_id, variant, peak_bytes, method
            FROM memory WHERE launch_id {among} ORDER BY launch_id, variant
            """
        );
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            Of(peaks, rows.GetInt64(0)).Add(new MemoryPeak(rows.GetInt32(1), rows.GetInt64(2), rows.GetString(3)));
        }

        return peaks;
    }

    private async Task<Dictionary<long, List<VariantCurves>>> CurvesAsync(DbTransaction transaction, string among)
    {
        var curves = new Dictionary<long, List<VariantCurves>>();
        await using var command = Command(
            transaction,
            $"SELECT launch_id, variant, series FROM curves WHERE launch_id {among} ORDER BY launch_id, variant"
        );
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            Of(curves, rows.GetInt64(0)).Add(new VariantCurves(rows.GetInt32(1), StoreText.Series(rows.GetString(2))));
        }

        return curves;
    }

    private static string Among(IEnumerable<long> keys) =>
        $"IN ({string.Join(',', keys.Select(k => k.ToString(CultureInfo.InvariantCulture)))})";

    private static List<T> Of<T>(Dictionary<long, List<T>> lists, long key)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists.Add(key, list = []);
        }

        return list;
    }

    private DbCommand Command(DbTransaction transaction, string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The text is this file's own; names are parameters, and keys are numbers.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private readonly record struct Kept(long Key, long Cell, LaunchRecord Record);
}
