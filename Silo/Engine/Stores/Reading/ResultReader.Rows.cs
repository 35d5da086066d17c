using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores.Reading;

// Rows as the database gives them.
internal sealed partial class ResultReader
{
    private sealed record SweepRow(
        string Sweep,
        string Name,
        string Spec,
        long Seed,
        long CreatedUs,
        string ProductVersion
    )
    {
        public const string Select = """
            SELECT sweep AS Sweep, name AS Name, spec AS Spec, seed AS Seed, created_us AS CreatedUs,
              product_version AS ProductVersion
            FROM sweeps
            """;

        public SweepRecord Record() =>
            new(new SweepId(Sweep), Name, Spec, unchecked((ulong)Seed), StoreText.Time(CreatedUs), ProductVersion);
    }

    private sealed record IncidentRow(
        string? Cell,
        long AtUs,
        string Device,
        string Cause,
        string Message,
        string StderrTail
    )
    {
        public Incident Incident() =>
            new(
                Cell is null ? null : new CellId(Cell),
                StoreText.Time(AtUs),
                new DeviceId(Device),
                Cause,
                Message,
                StderrTail
            );
    }

    private sealed record NumberedRow(
        long Number,
        string? Cell,
        long AtUs,
        string Device,
        string Cause,
        string Message,
        string StderrTail
    )
    {
        public IncidentRow Of() => new(Cell, AtUs, Device, Cause, Message, StderrTail);
    }

    private sealed record CellRow(
        long Key,
        long Position,
        string Cell,
        string Point,
        string Labels,
        string Baseline,
        string Outcome,
        string? Reason,
        string? Device,
        long FinishedUs
    )
    {
        public const string Columns = """
            cell_id AS Key, cell_index AS Position, cell AS Cell, point AS Point, labels AS Labels, baseline AS Baseline,
              outcome AS Outcome, reason AS Reason, device AS Device, finished_us AS FinishedUs
            """;

        public CellResult Result() =>
            new(
                Position,
                new CellId(Cell),
                StoreText.Point(Point),
                StoreText.Labels(Labels),
                Baseline,
                Core.Results.Outcome.Read(Outcome, Reason),
                Device is null ? null : new DeviceId(Device),
                StoreText.Time(FinishedUs)
            );
    }
}
