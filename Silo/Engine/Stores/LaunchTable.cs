using Layerbench.Core.Results;
using Microsoft.Data.Sqlite;

namespace Layerbench.Engine.Stores;

/// <summary>Writes launches with their samples and peaks, and the fingerprints they ran under.</summary>
internal sealed class LaunchTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement findFingerprint = new(
        connection,
        "SELECT fingerprint_id FROM fingerprints WHERE fingerprint = $1",
        1
    );

    private readonly Statement addFingerprint = new(
        connection,
        "INSERT INTO fingerprints (fingerprint, entries) VALUES ($1, $2) RETURNING fingerprint_id",
        2
    );

    // Two branches, so that each can use its own partial index.
    private readonly Statement held = new(
        connection,
        """
        SELECT number, superseded, fingerprint_id, attempt, started_us
        FROM launches WHERE cell_id = $1 AND kind = $2 AND superseded = 0
        UNION ALL
        SELECT number, superseded, fingerprint_id, attempt, started_us
        FROM launches WHERE cell_id = $1 AND kind = $2 AND superseded = 1
        """,
        2
    );

    private readonly Statement addLaunch = new(
        connection,
        """
        INSERT INTO launches (cell_id, kind, number, attempt, fingerprint_id, device, started_us, position, seed,
          process_start_ns, gate_ns, warm_up_ns, measure_ns, steady, facts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        RETURNING launch_id
        """,
        15
    );

    private readonly Statement addSample = new(
        connection,
        """
        INSERT INTO samples (launch_id, block, variant, position, iterations, wall_ns, cpu_ns, device_ns,
          involuntary_switches, pressure_us, accepted, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """,
        12
    );

    private readonly Statement addPeak = new(
        connection,
        "INSERT INTO memory (launch_id, variant, peak_bytes, method) VALUES ($1, $2, $3, $4)",
        4
    );

    private readonly Statement addTraining = new(
        connection,
        """
        INSERT INTO trainings (launch_id, variant, status, metric, guess, steps, duration_ns, "values", series)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        9
    );

    private readonly Statement addCurves = new(
        connection,
        "INSERT INTO curves (launch_id, variant, series) VALUES ($1, $2, $3)",
        3
    );

    private readonly Dictionary<string, long> fingerprintKeys = new(StringComparer.Ordinal);
    private readonly List<HeldLaunch> heldLaunches = [];

    public long FingerprintKey(Fingerprint fingerprint)
    {
        var id = fingerprint.Id.Value;
        if (!fingerprintKeys.TryGetValue(id, out var key))
        {
            key =
                findFingerprint.Number(id) ?? addFingerprint.Number(id, StoreText.Entries(fingerprint.Entries))!.Value;
            fingerprintKeys.Add(id, key);
        }

        return key;
    }

    /// <summary>False: the store has it, or has finished the cell without it.</summary>
    public bool Add(long cell, bool finished, LaunchRecord launch, long fingerprint, LaunchTexts texts)
    {
        if (!LaunchAdmission.Admit(launch, fingerprint, Held(cell, launch.Kind), finished))
        {
            return false;
        }

        var key = addLaunch
            .Number(
                cell,
                (long)launch.Kind,
                launch.Number,
                launch.Attempt,
                fingerprint,
                launch.Device.Value,
                StoreText.Microseconds(launch.StartedAt),
                launch.Position,
                unchecked((long)launch.Seed),
                StoreText.Nanoseconds(launch.ProcessStart),
                StoreText.Nanoseconds(launch.Phases.Gate),
                StoreText.Nanoseconds(launch.Phases.WarmUp),
                StoreText.Nanoseconds(launch.Phases.Measure),
                launch.Steady,
                texts.Facts
            )!
            .Value;
        foreach (var sample in launch.Samples)
        {
            addSample.Run(
                key,
                sample.Block,
                sample.Variant,
                sample.Position,
                sample.Iterations,
                sample.WallNanoseconds,
                sample.CpuNanoseconds,
                sample.DeviceNanoseconds,
                sample.InvoluntarySwitches,
                sample.PressureMicroseconds,
                sample.Accepted,
                sample.Reason
            );
        }

        foreach (var peak in launch.Memory)
        {
            addPeak.Run(key, peak.Variant, peak.PeakBytes, peak.Method);
        }

        for (var i = 0; i < launch.Trainings.Count; i++)
        {
            var training = launch.Trainings[i];
            addTraining.Run(
                key,
                training.Variant,
                training.StatusName,
                training.Metric,
                training.Guess,
                training.Steps,
                StoreText.Nanoseconds(training.Duration),
                texts.Trainings[i].Values,
                texts.Trainings[i].Series
            );
        }

        for (var i = 0; i < launch.Curves.Count; i++)
        {
            addCurves.Run(key, launch.Curves[i].Variant, texts.Curves[i]);
        }

        return true;
    }

    public void Forget() => fingerprintKeys.Clear();

    public void Dispose()
    {
        findFingerprint.Dispose();
        addFingerprint.Dispose();
        held.Dispose();
        addLaunch.Dispose();
        addSample.Dispose();
        addPeak.Dispose();
        addTraining.Dispose();
        addCurves.Dispose();
    }

    private List<HeldLaunch> Held(long cell, LaunchKind kind)
    {
        heldLaunches.Clear();
        using var rows = held.Read(cell, (long)kind);
        while (rows.Read())
        {
            heldLaunches.Add(
                new HeldLaunch(
                    rows.GetInt32(0),
                    rows.GetBoolean(1),
                    rows.GetInt64(2),
                    rows.GetInt32(3),
                    rows.GetInt64(4)
                )
            );
        }

        return heldLaunches;
    }
}
