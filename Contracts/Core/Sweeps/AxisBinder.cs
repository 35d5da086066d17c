namespace Layerbench.Core.Sweeps;

/// <summary><c>axes</c>: each axis's values or expression, held to what the catalogue says of the parameter.</summary>
internal sealed class AxisBinder(ParameterSet parameters, IReadOnlyCollection<string> knownNames, SpecErrors errors)
{
    /// <summary>An axis of more values than this is a mistake in a range.</summary>
    public const int MostValues = 100_000;

    /// <summary>Every point has a value for each axis.</summary>
    public const int MostAxes = 64;

    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64
        && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    public IReadOnlyList<AxisDraft> Read(SpecNode? node)
    {
        if (node is null)
        {
            return [];
        }

        if (node is not SpecNode.Mapping mapping)
        {
            if (!SpecText.IsNull(node))
            {
                errors.Add(
                    "axes",
                    $"{SpecText.Describe(node)} is no mapping; write e.g. 'axes: {{batch: [1, 8]}}'",
                    node.Mark
                );
            }

            return [];
        }

        if (mapping.Entries.Count > MostAxes)
        {
            errors.Add("axes", $"has {mapping.Entries.Count} axes; at most {MostAxes} are taken", mapping.Mark);
            return [];
        }

        var drafts = new List<AxisDraft>();
        foreach (var (key, value) in SpecMap.Unique(mapping, "axes", errors))
        {
            var path = SpecText.Join("axes", key.Text);
            if (NameProblem(key.Text) is { } problem)
            {
                errors.Add(path, problem, key.Mark);
                continue;
            }

            drafts.Add(ReadOne(key.Text, path, value, key.Mark));
        }

        return drafts;
    }

    private static string? NameProblem(string name) =>
        ChoiceBinder.IsReserved(name) ? $"'{name}' stands at the top level, not under axes; move it there"
        : !IsName(name) ? $"'{SpecText.Clip(name)}' cannot name an axis; use a-z, 0-9 and _, a letter first, at most 64"
        : ExpressionToken.IsReserved(name) ? $"'{name}' is a word of expressions; give the axis another name"
        : null;

    private AxisDraft ReadOne(string name, string path, SpecNode node, Mark mark)
    {
        var draft = new AxisDraft(name, path, mark);
        if (SpecText.IsNull(node))
        {
            errors.Add(path, "has no values; give at least one", mark);
            return draft;
        }

        switch (node)
        {
            case SpecNode.Scalar scalar:
                return Single(draft, scalar);
            case SpecNode.Sequence { Items.Count: 0 }:
                errors.Add(path, "has no values; give at least one", mark);
                return draft;
            case SpecNode.Sequence list:
                return draft with { Values = Listed(name, path, list) };
            default:
                var values = RangeReader.Read(node, path, parameters.Info(name)?.Kind, errors);
                return draft with { Values = values is not null && Fit(name, path, values, node.Mark) ? values : null };
        }
    }

    private List<AxisValue>? Listed(string name, string path, SpecNode.Sequence list)
    {
        var values = new List<AxisValue>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var good = true;
        if (list.Items.Count > MostValues)
        {
            errors.Add(path, $"has {list.Items.Count} values; at most {MostValues} are taken; use a range", list.Mark);
            return null;
        }

        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            var at = $"{path}[{i}]";
            if (SpecText.Value(item, out var problem) is not { } value)
            {
                errors.Add(at, problem, item.Mark);
                good = false;
            }
            else if (!seen.Add(value.Canonical))
            {
                errors.Add(at, $"'{value.Canonical}' is given twice; remove one of them", item.Mark);
                good = false;
            }
            else
            {
                good &= Fit(name, at, [value], item.Mark);
                values.Add(value);
            }
        }

        return good ? values : null;
    }

    private AxisDraft Single(AxisDraft draft, SpecNode.Scalar scalar)
    {
        if (SpecText.Value(scalar, out var problem) is { } value)
        {
            if (!value.IsText || IsLiteral(draft.Name, value.Text))
            {
                return draft with { Values = Fit(draft.Name, draft.Path, [value], scalar.Mark) ? [value] : null };
            }
        }
        else if (scalar.Text.Length <= 100)
        {
            errors.Add(draft.Path, problem, scalar.Mark);
            return draft;
        }

        if (ExpressionReader.Read(scalar, draft.Path, errors) is not { } expression)
        {
            return draft;
        }

        return expression.Names.Count > 0
            ? draft with
            {
                Expression = new(expression, draft.Path, scalar.Mark),
            }
            : Constant(draft, expression, scalar.Mark);
    }

    /// <summary>An expression that reads no axis is one value.</summary>
    private AxisDraft Constant(AxisDraft draft, Expression expression, Mark mark)
    {
        try
        {
            var value = expression.Evaluate(_ => null);
            return draft with { Values = Fit(draft.Name, draft.Path, [value], mark) ? [value] : null };
        }
        catch (ExpressionException e)
        {
            errors.Add(draft.Path, e.Message, mark);
            return draft;
        }
    }

    /// <summary>
    /// A text that stands for itself, not for an expression: a value that the parameter has, or, for an axis of which
    /// the catalogue knows nothing, a word that names no axis.
    /// </summary>
    private bool IsLiteral(string name, string text)
    {
        var info = parameters.Info(name);
        if (info is null)
        {
            return IsName(text)
                && !knownNames.Contains(text, StringComparer.Ordinal)
                && !ExpressionToken.IsReserved(text);
        }

        if (info.Kind != "text")
        {
            return false;
        }

        return info.Values is null
            || info.Values.Contains(text, StringComparer.Ordinal)
            || (IsName(text) && !knownNames.Contains(text, StringComparer.Ordinal));
    }

    private bool Fit(string name, string path, IReadOnlyList<AxisValue> values, Mark mark) =>
        Fit(parameters, name, path, values, mark, errors);

    /// <summary>Reports the first value that someone who takes the parameter cannot use.</summary>
    public static bool Fit(
        ParameterSet parameters,
        string name,
        string path,
        IReadOnlyList<AxisValue> values,
        Mark mark,
        SpecErrors errors
    )
    {
        var users = parameters.FromPoint(name).ToArray();
        foreach (var value in values)
        {
            var problem = users
                .Select(u => ParameterSet.Problem(u.Info, u.User, value))
                .FirstOrDefault(p => p is not null);
            if (problem is not null)
            {
                errors.Add(path, problem, mark);
                return false;
            }
        }

        return true;
    }
}
