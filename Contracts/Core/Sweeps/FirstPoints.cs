using Layerbench.Core.Catalog;

namespace Layerbench.Core.Sweeps;

/// <summary>
/// Tries the first points of a sweep that is otherwise right: an expression that fails at the very first cell, or a
/// small plan of which nothing can run, is an error of the file and not of its cells.
/// </summary>
/// <param name="sources">Where each expression of the spec stands in the file.</param>
internal sealed class FirstPoints(
    SweepSpec spec,
    VariantCatalog catalog,
    IReadOnlyList<BoundExpression> sources,
    SpecErrors errors
)
{
    /// <summary>Plans up to this size are tried whole.</summary>
    public const long WholePlan = 1000;

    public void Check(SpecMap map)
    {
        SweepPlan plan;
        try
        {
            plan = SweepPlan.Create(spec, catalog);
        }
        catch (ExpressionException e)
        {
            errors.Add(
                "variants",
                $"the catalogue has an expression that cannot be read: {e.Message}",
                Place(map, "variants")
            );
            return;
        }

        if (plan.HasTooManyToMerge)
        {
            errors.Add(
                "design",
                $"{plan.Points} points over passes that take different axes; at most {SweepPlan.LargestCounted} "
                    + "outside a grid: give fewer points, or each pass a sweep of its own",
                Place(map, "design")
            );
            return;
        }

        var cells = 0L;
        string? first = null;
        var tried = Math.Min(plan.Points, WholePlan);
        for (var i = 0L; i < tried; i++)
        {
            if (plan.At(i) is not { } cell)
            {
                continue;
            }

            cells++;
            if (cells == 1 && plan.FailureAt(i) is { } failure)
            {
                var source = sources.First(s => ReferenceEquals(s.Expression, failure.Expression));
                errors.Add(source.Path, $"{failure.Message}; this is at the first point, {cell.Point}", source.Mark);
                return;
            }

            var refusal = plan.Refusal(cell);
            if (refusal is null || plan.Points > tried)
            {
                return;
            }

            first ??= $"{refusal} at {cell.Point}";
        }

        if (plan.Points > tried)
        {
            return;
        }

        var key =
            cells > 0 ? "axes"
            : map.Find("where") is null ? "exclude"
            : "where";
        errors.Add(
            key,
            cells == 0
                ? $"the conditions leave out all {plan.Points} points; loosen 'where' or 'exclude'"
                : $"none of the {cells} cells can run; the first is refused: {first}",
            Place(map, key)
        );
    }

    private static Mark Place(SpecMap map, string key) => map.Find(key)?.Mark ?? map.Mark;
}
