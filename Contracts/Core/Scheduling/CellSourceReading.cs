namespace Layerbench.Core.Scheduling;

internal static class CellSourceReading
{
    /// <summary>The cell of an index that is known to hold one.</summary>
    /// <exception cref="InvalidOperationException">The source holds none now: it is not the same source any more.</exception>
    public static Cell Required(this ICellSource source, long index) =>
        source.At(index)
        ?? throw new InvalidOperationException(
            $"Index {index} held a cell before and holds none now; a cell source must not change during a run."
        );
}
