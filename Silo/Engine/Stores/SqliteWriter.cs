using Layerbench.Core;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Layerbench.Engine.Stores;

/// <summary>
/// What can be written, over the one connection that writes. Every method runs inside a transaction that
/// <see cref="SqliteGroups"/> begins and ends; nothing here is durable by itself. Not thread-safe.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly LaunchTable launches;
    private readonly SideTables sides;
    private readonly List<Statement> statements = [];
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement rollback;
    private readonly Statement savepoint;
    private readonly Statement release;
    private readonly Statement rollbackToSavepoint;
    private readonly Statement findSweep;
    private readonly Statement addSweep;
    private readonly Statement findCell;
    private readonly Statement addCell;
    private readonly Statement finish;
    private readonly Statement supersede;
    private readonly Statement forgive;
    private readonly Statement reopen;
    private readonly Statement findEpoch;
    private readonly Statement takeEpoch;

    // Rows of sweeps are never deleted, so their keys can be remembered; forgotten when anything is rolled back.
    private readonly Dictionary<string, long> sweepKeys = new(StringComparer.Ordinal);

    public SqliteWriter(SqliteConnection connection)
    {
        this.connection = connection;
        launches = new LaunchTable(connection);
        sides = new SideTables(connection);
        begin = Prepare("BEGIN IMMEDIATE");
        commit = Prepare("COMMIT");
        rollback = Prepare("ROLLBACK");
        savepoint = Prepare("SAVEPOINT op");
        release = Prepare("RELEASE op");
        rollbackToSavepoint = Prepare("ROLLBACK TO op");
        findSweep = Prepare("SELECT sweep_id FROM sweeps WHERE sweep = $1", 1);
        addSweep = Prepare(
            """
            INSERT INTO sweeps (sweep, name, spec, seed, created_us, product_version) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (sweep) DO NOTHING
            """,
            6
        );
        findCell = Prepare("SELECT cell_id, outcome IS NOT NULL FROM cells WHERE sweep_id = $1 AND cell = $2", 2);
        addCell = Prepare("INSERT INTO cells (sweep_id, cell) VALUES ($1, $2) RETURNING cell_id", 2);
        finish = Prepare(
            """
            INSERT INTO cells (sweep_id, cell, cell_index, point, labels, baseline, outcome, reason, device, finished_us)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (sweep_id, cell) DO UPDATE SET
              cell_index = excluded.cell_index, point = excluded.point, labels = excluded.labels,
              baseline = excluded.baseline, outcome = excluded.outcome, reason = excluded.reason,
              device = excluded.device, finished_us = excluded.finished_us
            WHERE cells.outcome IS NULL
            """,
            10
        );
        supersede = Prepare(
            """
            UPDATE launches SET superseded = 1
            WHERE superseded = 0
              AND cell_id = (SELECT cell_id FROM cells WHERE sweep_id = $1 AND cell = $2 AND outcome IS NULL)
              AND fingerprint_id NOT IN (SELECT fingerprint_id FROM fingerprints WHERE fingerprint = $3)
            """,
            3
        );
        forgive = Prepare(
            """
            UPDATE incidents SET forgiven = 1
            WHERE sweep_id = $1 AND forgiven = 0
              AND cell IN (SELECT cell FROM cells WHERE sweep_id = $1 AND outcome = $2)
            """,
            2
        );
        reopen = Prepare(
            """
            UPDATE cells SET outcome = NULL, reason = NULL, device = NULL, finished_us = NULL
            WHERE sweep_id = $1 AND outcome = $2
              AND (SELECT COUNT(*) FROM launches l WHERE l.cell_id = cells.cell_id AND kind = 0 AND superseded = 0)
                BETWEEN $3 AND $4
            """,
            4
        );
        findEpoch = Prepare("SELECT epoch FROM epochs WHERE sweep_id = $1", 1);
        takeEpoch = Prepare(
            """
            INSERT INTO epochs (sweep_id, epoch) VALUES ($1, 1)
            ON CONFLICT (sweep_id) DO UPDATE SET epoch = epochs.epoch + 1
            RETURNING epoch
            """,
            1
        );
    }

    /// <summary>False: SQLite has rolled the transaction back by itself (disk full, I/O error).</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(connection.Handle!) == 0;

    public void Begin() => begin.Run();

    public void Commit() => commit.Run();

    public void Rollback()
    {
        Forget();
        if (InTransaction)
        {
            rollback.Run();
        }
    }

    public void Savepoint() => savepoint.Run();

    public void Release() => release.Run();

    public void RollbackToSavepoint()
    {
        Forget();
        rollbackToSavepoint.Run();
        release.Run();
    }

    public bool SaveSweep(SweepRecord sweep) =>
        addSweep.Run(
            sweep.Id.Value,
            sweep.Name,
            sweep.Spec,
            unchecked((long)sweep.Seed),
            StoreText.Microseconds(sweep.CreatedAt),
            sweep.ProductVersion
        ) > 0;

    /// <param name="texts">Of each launch what is kept as text.</param>
    public AcceptResult Accept(LaunchBatch batch, IReadOnlyList<LaunchTexts> texts)
    {
        var sweep = SweepKey(batch.Sweep);
        CheckEpoch(batch.Sweep, sweep, batch.Epoch);
        var fingerprint = launches.FingerprintKey(batch.Fingerprint);
        var accepted = 0;
        for (var i = 0; i < batch.Launches.Count; i++)
        {
            var launch = batch.Launches[i];
            var (cell, finished) = CellKey(sweep, launch.Cell);
            if (launches.Add(cell, finished, launch, fingerprint, texts[i]))
            {
                accepted++;
            }
        }

        return new AcceptResult(accepted, batch.Launches.Count - accepted);
    }

    public int Supersede(SweepId sweep, CellId cell, FingerprintId keep) =>
        supersede.Run(SweepKey(sweep), cell.Value, keep.Value);

    public int Finish(SweepId sweep, IReadOnlyList<CellResult> cells, IReadOnlyList<CellTexts> texts, long? epoch)
    {
        var key = SweepKey(sweep);
        CheckEpoch(sweep, key, epoch);
        var finished = 0;
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = cells[i];
            finished += finish.Run(
                key,
                cell.Id.Value,
                cell.Index,
                texts[i].Point,
                texts[i].Labels,
                cell.Baseline,
                cell.Outcome.Name,
                cell.Outcome.Explanation,
                cell.Device?.Value,
                StoreText.Microseconds(cell.FinishedAt)
            );
        }

        return finished;
    }

    public int RecordIncident(SweepId sweep, Incident incident) => sides.Add(SweepKey(sweep), incident);

    public int RecordCanaries(SweepId sweep, Fingerprint fingerprint, IReadOnlyList<CanaryRecord> canaries)
    {
        var key = SweepKey(sweep);
        var environment = launches.FingerprintKey(fingerprint);
        return canaries.Sum(c => sides.Add(key, environment, c));
    }

    public int RecordRung(SweepId sweep, RungDecision decision) => sides.Add(SweepKey(sweep), decision);

    public int Reopen(SweepId sweep, IReadOnlyCollection<string> outcomes)
    {
        var key = SweepKey(sweep);
        var reopened = 0;
        foreach (var outcome in outcomes)
        {
            forgive.Run(key, outcome);
            reopened += reopen.Run(key, outcome, 0, int.MaxValue);
        }

        return reopened;
    }

    public int ReopenUnconverged(SweepId sweep, int fewerThan) =>
        reopen.Run(SweepKey(sweep), new Outcome.Unconverged("").Name, 1, fewerThan - 1);

    public long TakeEpoch(SweepId sweep) => takeEpoch.Number(SweepKey(sweep))!.Value;

    public void Dispose()
    {
        launches.Dispose();
        sides.Dispose();
        statements.ForEach(s => s.Dispose());
        connection.Dispose();
    }

    private long SweepKey(SweepId sweep)
    {
        if (!sweepKeys.TryGetValue(sweep.Value, out var key))
        {
            key = findSweep.Number(sweep.Value) ?? throw WriteRules.NoSweep(sweep);
            sweepKeys.Add(sweep.Value, key);
        }

        return key;
    }

    private void CheckEpoch(SweepId sweep, long key, long? epoch)
    {
        if (epoch is { } carried && findEpoch.Number(key) is { } current && carried < current)
        {
            throw new StaleEpochException(sweep, carried, current);
        }
    }

    private (long Key, bool Finished) CellKey(long sweep, CellId cell)
    {
        using (var found = findCell.Read(sweep, cell.Value))
        {
            if (found.Read())
            {
                return (found.GetInt64(0), found.GetBoolean(1));
            }
        }

        return (addCell.Number(sweep, cell.Value)!.Value, false);
    }

    private void Forget()
    {
        sweepKeys.Clear();
        launches.Forget();
    }

    private Statement Prepare(string sql, int parameters = 0)
    {
        var statement = new Statement(connection, sql, parameters);
        statements.Add(statement);
        return statement;
    }
}
