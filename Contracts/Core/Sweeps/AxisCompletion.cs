namespace Layerbench.Core.Sweeps;

/// <summary>Fills in the parameters that the file leaves to their defaults, and holds the axes to each other.</summary>
internal sealed class AxisCompletion(
    ParameterSet parameters,
    IReadOnlyList<VariantDraft> variants,
    IReadOnlyList<BoundExpression> conditions,
    SpecErrors errors
)
{
    /// <param name="mark">Of <c>axes</c>, for what is missing there.</param>
    public IReadOnlyList<AxisDraft> WithDefaults(IReadOnlyList<AxisDraft> given, Mark mark)
    {
        var axes = given.ToList();
        foreach (var name in parameters.Names)
        {
            var users = parameters.FromPoint(name).ToArray();
            if (users.Length == 0 || axes.Exists(a => string.Equals(a.Name, name, StringComparison.Ordinal)))
            {
                continue;
            }

            var draft = new AxisDraft(name, $"axes.{name}", mark);
            var defaults = users.Select(u => u.Info.Default).Distinct(StringComparer.Ordinal).ToArray();
            if (Array.Find(users, u => u.Info.Default is null) is { } needy)
            {
                errors.Add(
                    "axes",
                    $"{needy.User} needs {name} ({ParameterSet.Rule(needy.Info)}); "
                        + $"add e.g. '{name}: [{ParameterSet.Example(needy.Info)}]'",
                    mark
                );
            }
            else if (defaults.Length > 1)
            {
                errors.Add(
                    "axes",
                    $"{string.Join(" and ", users.Select(u => $"{u.User} ({u.Info.Default})"))} have different defaults for "
                        + $"{name}; add e.g. '{name}: {defaults[0]}'",
                    mark
                );
            }
            else
            {
                draft = Default(draft, users[0], defaults[0]!);
            }

            axes.Add(draft);
        }

        return axes;
    }

    private AxisDraft Default(AxisDraft draft, ParameterSet.Need need, string text)
    {
        draft = draft with { Default = text };
        if (need.Info.Kind == "text")
        {
            return draft with { Values = [AxisValue.Of(text)] };
        }

        try
        {
            var expression = Expression.Parse(text);
            return expression.Names.Count == 0
                ? draft with
                {
                    Values = [expression.Evaluate(_ => null)],
                }
                : draft with
                {
                    Expression = new(expression, draft.Path, draft.Mark),
                };
        }
        catch (ExpressionException e)
        {
            errors.Add(
                draft.Path,
                $"the default that {need.User} gives cannot be used: {e.Message}; give a value",
                draft.Mark
            );
            return draft;
        }
    }

    /// <summary>Axes that nothing uses, names that are no axes, expressions that cycle.</summary>
    public void Check(IReadOnlyList<AxisDraft> axes)
    {
        var names = axes.Select(a => a.Name).ToArray();
        var expressions = axes.Select(a => a.Expression)
            .OfType<BoundExpression>()
            .Concat(variants.SelectMany(v => v.With.Values))
            .Concat(conditions)
            .ToArray();
        foreach (var axis in axes)
        {
            var used = expressions.Any(e =>
                !ReferenceEquals(e, axis.Expression) && e.Expression.Names.Contains(axis.Name, StringComparer.Ordinal)
            );
            // Where a variant or pass is not known, what the catalogue knows at all is let through.
            var taken = parameters.Takes(axis.Name) || (!parameters.Whole && parameters.MayBeTaken(axis.Name));
            if (!used && !taken && !ChoiceBinder.IsReserved(axis.Name))
            {
                errors.Add(
                    axis.Path,
                    $"no variant or pass takes '{axis.Name}' and no expression uses it"
                        + Suggestion.OrList(axis.Name, parameters.Names),
                    axis.Mark
                );
            }
        }

        foreach (var bound in expressions)
        {
            ExpressionReader.CheckNames(bound, names, errors);
        }

        CheckWith();
        CheckCycles(axes);
    }

    private void CheckWith()
    {
        foreach (var variant in variants.Where(v => v.Info is not null && parameters.Whole))
        {
            foreach (var (name, bound) in variant.With)
            {
                var need = parameters.Of(variant, name);
                if (need is null)
                {
                    errors.Add(
                        bound.Path,
                        $"{variant.Variant} takes no '{SpecText.Clip(name)}'"
                            + Suggestion.OrList(name, [.. parameters.TakenBy(variant)]),
                        bound.Mark
                    );
                }
                else if (bound.Expression.Names.Count == 0)
                {
                    CheckConstant(need, bound);
                }
            }
        }
    }

    private void CheckConstant(ParameterSet.Need need, BoundExpression bound)
    {
        try
        {
            if (ParameterSet.Problem(need.Info, need.User, bound.Expression.Evaluate(_ => null)) is { } problem)
            {
                errors.Add(bound.Path, problem, bound.Mark);
            }
        }
        catch (ExpressionException e)
        {
            errors.Add(bound.Path, e.Message, bound.Mark);
        }
    }

    private void CheckCycles(IReadOnlyList<AxisDraft> axes)
    {
        var open = axes.ToList();
        while (DerivationOrder.Of([.. open.Select(a => (a.Name, a.Expression?.Expression))], out var cycle) is null)
        {
            // Reported at the first that the file itself gives; a default has no place of its own.
            var members = cycle.Distinct(StringComparer.Ordinal).Select(n => axes.First(a => a.Name == n)).ToArray();
            var at = Array.Find(members, m => m.Default is null) ?? members[0];
            var shown = members.Select(m => $"{m.Name} = {m.Expression!.Expression.Text}");
            errors.Add(
                at.Path,
                $"the expressions need each other in a circle: {string.Join(" -> ", cycle)} ({string.Join(", ", shown)}); "
                    + "give one of them values",
                at.Mark
            );
            open = [.. open.Select(a => members.Contains(a) ? a with { Expression = null } : a)];
        }
    }
}
