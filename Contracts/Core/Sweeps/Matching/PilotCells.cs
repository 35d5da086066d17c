using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Sweeps.Matching;

/// <summary>One candidate of a pilot: a variant with a value of the axis that is adjusted.</summary>
/// <param name="Label">What the pilot calls it.</param>
public sealed record PilotCandidate(string Label, string Variant, long Value);

/// <summary>A point of a sweep with its baseline and every candidate, timed together.</summary>
/// <param name="Original">The cell's index in the sweep's plan.</param>
public sealed record PilotPoint(Cell Cell, long Original, IReadOnlyList<PilotCandidate> Candidates);

/// <summary>What a pilot measures: the points of a sweep, each with candidates in place of its matched variants.</summary>
public sealed class PilotCells : ICellSource
{
    private readonly SweepPlan plan;

    private PilotCells(SweepPlan plan, IReadOnlyList<PilotPoint> points)
    {
        this.plan = plan;
        Points = points;
    }

    public IReadOnlyList<PilotPoint> Points { get; }

    public long Size => Points.Count;

    /// <param name="values">For a cell and a matched variant the values to try, each more than 0.</param>
    /// <param name="cells">Cells of the plan.</param>
    public static PilotCells Of(
        SweepPlan plan,
        IEnumerable<Cell> cells,
        Func<Cell, Matched, IEnumerable<long>> values
    ) => new(plan, [.. cells.Select((cell, i) => Point(plan, cell, i, values))]);

    public Cell? At(long index) => Points[(int)index].Cell;

    public CellCost Cost(Cell cell)
    {
        // Candidates lie around what costs as much as the baseline.
        var whole = plan.Cost(plan.At(Points[(int)cell.Index].Original)!);
        var share = (double)cell.Variants.Count / plan.Spec.Variants.Count;
        return whole with { Flops = whole.Flops * share, Bytes = whole.Bytes * share };
    }

    /// <summary>Nothing is refused: candidates were made to be allowed, and one that cannot run is left out of the choice.</summary>
    public string? Refusal(Cell cell) => null;

    private static PilotPoint Point(SweepPlan plan, Cell cell, int index, Func<Cell, Matched, IEnumerable<long>> values)
    {
        List<PilotCandidate> candidates = [];
        List<VariantUse> uses = [cell.Variants.First(v => Same(v.Label, cell.Baseline))];
        foreach (var match in plan.Matches(cell))
        {
            var use = cell.Variants.First(v => Same(v.Label, match.Label));
            foreach (var value in values(cell, match).Distinct())
            {
                var label = FormattableString.Invariant($"{match.Label} {match.Axis}={value}");
                var parameters = new SortedDictionary<string, AxisValue>(
                    use.Parameters.ToDictionary(p => p.Key, p => p.Value),
                    StringComparer.Ordinal
                )
                {
                    [match.Axis] = AxisValue.Of(value),
                };
                candidates.Add(new(label, match.Label, value));
                uses.Add(use with { Label = label, Parameters = parameters });
            }
        }

        var id = new CellId(FormattableString.Invariant($"pilot-{cell.Index}"));
        return new(cell with { Index = index, Id = id, Variants = uses }, cell.Index, candidates);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
