namespace Layerbench.Core.Sweeps;

// The cells behind the last point: the baseline against itself, at points drawn by ControlSlots.
public sealed partial class SweepPlan
{
    /// <summary>The baseline against itself at the slot's point; null where no point that was tried holds a cell.</summary>
    private Cell? ControlAt(long index)
    {
        if (ControlPoint(index) is not { } point)
        {
            return null;
        }

        var at = AtPoint(point)!;
        var kind = controls.KindOf(index - Points);
        var one = at.Variants.First(v => string.Equals(v.Label, at.Baseline, StringComparison.Ordinal));
        var other =
            kind == ControlKind.Same
                ? one with
                {
                    Label = Controls.SameLabel,
                }
                : one with
                {
                    Label = Controls.SlowerLabel,
                    ExtraWork = Spec.Controls.Effect,
                };
        VariantUse[] uses = [one, other];
        var sorted = at.Point.Names.Zip(at.Point.Values).OrderBy(p => p.First, StringComparer.Ordinal);
        return at with
        {
            Index = index,
            Id = CellIdentity.Of(sorted, uses, at.Baseline),
            Variants = uses,
            Control = kind,
        };
    }

    /// <summary>The first candidate that can run, else the first that holds a cell.</summary>
    private long? ControlPoint(long index)
    {
        long? refused = null;
        foreach (var candidate in controls.Candidates(index - Points))
        {
            if (AtPoint(candidate) is { IsQuality: false } cell)
            {
                if (Refusal(cell) is null)
                {
                    return candidate;
                }

                refused ??= candidate;
            }
        }

        return refused;
    }

    /// <summary>What is run for a cell: for a control, the baseline twice.</summary>
    private IEnumerable<PlanUse> Uses(Cell cell)
    {
        var uses = usesByPass[cell.Pass];
        return cell.Control == ControlKind.None
            ? uses
            : Enumerable.Repeat(uses.First(u => string.Equals(u.Label, cell.Baseline, StringComparison.Ordinal)), 2);
    }

    private long PointOf(Cell cell) => cell.Control == ControlKind.None ? cell.Index : ControlPoint(cell.Index)!.Value;
}
