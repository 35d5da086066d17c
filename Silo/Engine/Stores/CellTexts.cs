using Layerbench.Core.Results;

namespace Layerbench.Engine.Stores;

/// <summary>What of a cell's end is kept as text.</summary>
internal readonly record struct CellTexts(string Point, string Labels)
{
    public static CellTexts[] Of(IReadOnlyList<CellResult> cells) =>
        [.. cells.Select(c => new CellTexts(StoreText.Point(c.Point), StoreText.Labels(c.Labels)))];
}
