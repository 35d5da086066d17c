namespace Layerbench.Core.Analysis.Scaling;

/// <summary>Cells of one environment that differ in one axis alone, by its rising value.</summary>
/// <param name="Place">Values of the sweep's other listed axes.</param>
/// <param name="Cells">With the axis' value; each value once.</param>
internal sealed record AxisLine(
    string Axis,
    IReadOnlyList<(string Name, AxisValue Value)> Place,
    IReadOnlyList<(double X, ScalingCell Cell)> Cells
)
{
    /// <summary>Fewer values say nothing of a power law.</summary>
    public const int LeastValues = 3;

    /// <summary>All lines along an axis that have at least <see cref="LeastValues"/> values, in the order of the plan.</summary>
    /// <param name="axes">The listed axes. What is computed from them goes along with them.</param>
    public static IReadOnlyList<AxisLine> Along(
        string axis,
        IReadOnlyList<string> axes,
        IEnumerable<ScalingCell> cells
    ) =>
        [
            .. cells
                .Where(c => Number(c, axis) > 0)
                .GroupBy(c => Key(c, axis, axes))
                .Select(g => new AxisLine(
                    axis,
                    PlaceOf(g.First(), axis, axes),
                    [
                        .. g.DistinctBy(c => Number(c, axis))
                            .OrderBy(c => Number(c, axis))
                            .Select(c => (Number(c, axis), c)),
                    ]
                ))
                .Where(l => l.Cells.Count >= LeastValues),
        ];

    /// <summary>NaN where the axis has no number there.</summary>
    private static double Number(ScalingCell cell, string axis) =>
        cell.Cell.Point.TryGetValue(axis, out var value) && value.IsNumber ? value.Number : double.NaN;

    private static string Key(ScalingCell cell, string axis, IReadOnlyList<string> axes) =>
        string.Join(
            '\n',
            PlaceOf(cell, axis, axes)
                .Select(p => p.Value.Canonical)
                .Append(cell.Fingerprint.Value)
                .Concat(cell.Cell.Labels)
        );

    private static (string Name, AxisValue Value)[] PlaceOf(
        ScalingCell cell,
        string axis,
        IReadOnlyList<string> axes
    ) =>
        [
            .. axes.Where(a => !string.Equals(a, axis, StringComparison.Ordinal))
                .Select(a => (a, cell.Cell.Point.GetValueOrDefault(a))),
        ];
}
