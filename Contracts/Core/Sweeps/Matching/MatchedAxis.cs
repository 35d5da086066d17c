using Layerbench.Core.Catalog;

namespace Layerbench.Core.Sweeps.Matching;

/// <summary>One variant's adjusted axis, under one pass: its value at any point.</summary>
/// <param name="own">The variant without the match.</param>
internal sealed class MatchedAxis(MatchSpec spec, AxisInfo axis, PlanUse own, PlanUse baseline)
{
    public string Name => axis.Name;

    /// <summary>In what it is matched, as the sweep file has it.</summary>
    public string By => MatchSpec.NameOf(spec.By);

    public Matched At(Func<string, AxisValue?> point)
    {
        try
        {
            return spec is { By: MatchBy.Time, NeedsPilot: false } ? OfPilot(point) : OfWork(point);
        }
        catch (ExpressionException e)
        {
            return Failed($"nothing can be chosen to match {baseline.Label}: {e.Message}");
        }
    }

    private Matched OfPilot(Func<string, AxisValue?> point)
    {
        var choice = spec.Chosen.FirstOrDefault(c =>
            string.Equals(c.Label, own.Label, StringComparison.Ordinal) && c.At.All(a => point(a.Key) == a.Value)
        );
        return choice is null
            ? Failed(
                "the pilot could not time it here, so that nothing was chosen; run it into a new folder to try again"
            )
            : Checked(choice.Value, choice.Ratio);
    }

    private Matched OfWork(Func<string, AxisValue?> point)
    {
        var target = baseline.Work(spec.By, point);
        if (target <= 0)
        {
            return Failed($"{baseline.Label} has no {Words} here that could be matched");
        }

        var (least, most) = Bounds;
        var value =
            MatchSearch.Nearest(Work, n => own.Holds(With(point, n)), target, least, most)
            // Where a constraint does not hold whatever is chosen, the cell is refused for it, in its own words.
            ?? MatchSearch.Nearest(Work, _ => true, target, least, most);
        return value is { } n
            ? Checked(n, Work(n) / target)
            : Failed($"its {Words} do not depend on {axis.Name} here; give another axis in match.adjust");

        double Work(long n) => own.Work(spec.By, With(point, n));
    }

    /// <summary>Whether the variant can run with this value.</summary>
    public bool Allows(Func<string, AxisValue?> point, long value)
    {
        try
        {
            return value >= Bounds.Least && value <= Bounds.Most && own.Holds(With(point, value));
        }
        catch (ExpressionException)
        {
            return false;
        }
    }

    private (long Least, long Most) Bounds =>
        (
            Math.Max(1, (long)Math.Ceiling(axis.Minimum ?? 1)),
            (long)Math.Floor(Math.Min(axis.Maximum ?? MatchSearch.Most, MatchSearch.Most))
        );

    private Func<string, AxisValue?> With(Func<string, AxisValue?> point, long value) =>
        name => string.Equals(name, axis.Name, StringComparison.Ordinal) ? AxisValue.Of(value) : point(name);

    private Matched Checked(long value, double ratio)
    {
        var failure =
            spec.NeedsPilot || Math.Abs(ratio - 1) <= spec.Within
                ? null
                : FormattableString.Invariant(
                    $"{axis.Name} {value} comes nearest, with {ratio:0.###} of {baseline.Label}'s {Words}; that is beyond match.within, {100 * spec.Within:0.###}%: raise it, or adjust another axis"
                );
        return new(own.Label, axis.Name, value, ratio, failure);
    }

    private Matched Failed(string why) => new(own.Label, axis.Name, null, double.NaN, why);

    private string Words =>
        spec.By switch
        {
            MatchBy.Flops => "FLOPs",
            MatchBy.Parameters => "parameters",
            MatchBy.Time => spec.NeedsPilot ? "FLOPs" : "time",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
