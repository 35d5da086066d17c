namespace Layerbench.Core.Sweeps;

// From an index to the values of a point, and whether it is one of the sweep's. Where passes take different axes, points
// that differ only in axes that their pass leaves alone are one point: the first of them holds the cell.
public sealed partial class SweepPlan
{
    private readonly Dictionary<string, bool[]> leftAlone;
    private readonly Dictionary<string, string[]> namesByPass;
    private readonly bool merges;
    private readonly HashSet<long> merged;

    /// <summary>The first axis or condition that cannot be computed at this point, or null.</summary>
    internal Failure? FailureAt(long index)
    {
        Resolve(index, out var failure);
        if (failure is null)
        {
            Keeps(index, out failure);
        }

        return failure;
    }

    /// <param name="Axis">Whose expression it is; null for a condition.</param>
    internal sealed record Failure(Expression Expression, string? Axis, string Message);

    /// <summary>
    /// Whether points of different passes coincide in a drawn or listed design of more than
    /// <see cref="LargestCounted"/> points, which would have to be remembered one by one; such a plan must not be run.
    /// </summary>
    internal bool HasTooManyToMerge => merges && design is not GridPoints && Points > LargestCounted;

    private static bool IsSet(AxisValue value) => value != default;

    private bool Holds(long index) => !design.Repeats(index) && !merged.Contains(index) && Keeps(index, out _);

    /// <summary>A point's values; what its pass leaves alone is unset, and so is an axis whose expression fails.</summary>
    private AxisValue[] Resolve(long index, out Failure? problem)
    {
        var values = new AxisValue[names.Length];
        design.Fill(index, values);
        if (!merges)
        {
            problem = Derive(values, none);
            return values;
        }

        var alone = leftAlone[PassOf(values)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = alone[i] ? default : values[i];
        }

        problem = Derive(values, alone);
        return values;
    }

    private Failure? Derive(AxisValue[] values, bool[] alone)
    {
        Failure? problem = null;
        var lookup = derived.Length == 0 ? null : Lookup(values);
        foreach (var (place, expression) in derived)
        {
            values[place] = default;
            try
            {
                values[place] = alone[place] ? default : expression.Evaluate(lookup!);
            }
            catch (ExpressionException e)
            {
                problem ??= new(expression, names[place], e.Message);
            }
        }

        return problem;
    }

    /// <summary>
    /// Whether no condition is false. One that cannot be computed keeps the point, which is then refused with the reason.
    /// Conditions see every axis; of points that are one, it is enough that they keep one.
    /// </summary>
    private bool Keeps(long index, out Failure? problem)
    {
        problem = null;
        if (!merges && Spec.Conditions.Count == 0)
        {
            return true;
        }

        var values = new AxisValue[names.Length];
        design.Fill(index, values);
        var alone = merges && design is GridPoints ? leftAlone[PassOf(values)] : none;
        ListedAxis[] free = alone == none ? [] : [.. listed.Where(a => alone[a.Place])];
        if (Array.Exists(free, a => values[a.Place] != a.Values[0]))
        {
            return false;
        }

        if (Spec.Conditions.Count == 0)
        {
            return true;
        }

        var siblings = free.Aggregate(1L, (product, axis) => product * axis.Values.Length);
        for (var sibling = 0L; sibling < siblings; sibling++)
        {
            var rest = sibling;
            foreach (var axis in free)
            {
                (rest, var digit) = Math.DivRem(rest, axis.Values.Length);
                values[axis.Place] = axis.Values[digit];
            }

            Derive(values, none);
            if (KeepsValues(Lookup(values), out problem))
            {
                return true;
            }
        }

        return false;
    }

    private bool KeepsValues(Func<string, AxisValue?> lookup, out Failure? problem)
    {
        problem = null;
        foreach (var condition in Spec.Conditions)
        {
            try
            {
                if (!condition.Truth(lookup))
                {
                    return false;
                }
            }
            catch (ExpressionException e)
            {
                problem ??= new(condition, null, e.Message);
            }
        }

        return true;
    }

    /// <summary>Indices whose point an earlier index that is kept gives too; a grid knows them by arithmetic, see <see cref="Keeps"/>.</summary>
    private HashSet<long> FindMerged()
    {
        var found = new HashSet<long>();
        if (!merges || design is GridPoints || HasTooManyToMerge)
        {
            return found;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0L; i < Points; i++)
        {
            if (
                !design.Repeats(i)
                && Keeps(i, out _)
                && !seen.Add(string.Join('\n', Resolve(i, out _).Select(v => v.Canonical)))
            )
            {
                found.Add(i);
            }
        }

        return found;
    }

    private string PassOf(AxisValue[] values) => values[passPlace].Text;

    private Func<string, AxisValue?> Lookup(AxisValue[] values) =>
        name =>
        {
            for (var i = 0; i < names.Length; i++)
            {
                if (string.Equals(names[i], name, StringComparison.Ordinal))
                {
                    return IsSet(values[i]) ? values[i] : null;
                }
            }

            return null;
        };
}
