using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores;

/// <summary>A finished cell as its row has it.</summary>
internal sealed record CellRow(
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
