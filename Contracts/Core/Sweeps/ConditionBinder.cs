namespace Layerbench.Core.Sweeps;

/// <summary><c>where</c> and <c>exclude</c>, all as expressions that must be true.</summary>
internal sealed class ConditionBinder(SpecErrors errors)
{
    private readonly List<BoundExpression> conditions = [];

    public IReadOnlyList<BoundExpression> Read(SpecMap map)
    {
        foreach (var (node, path) in Items(map, "where"))
        {
            if (ExpressionReader.Read(node, path, errors) is { } expression)
            {
                conditions.Add(new(expression, path, node.Mark));
            }
        }

        foreach (var (node, path) in Items(map, "exclude"))
        {
            if (node is SpecNode.Mapping mapping)
            {
                ExcludeMapping(mapping, path);
            }
            else if (ExpressionReader.Read(node, path, errors) is { } expression)
            {
                Add($"not ({expression.Text})", path, node.Mark);
            }
        }

        return conditions;
    }

    private IEnumerable<(SpecNode Node, string Path)> Items(SpecMap map, string key)
    {
        var node = map.Find(key);
        if (node is SpecNode.Mapping && key == "where")
        {
            errors.Add(key, "a mapping is no expression; write e.g. \"batch == 8\"", node.Mark);
            return [];
        }

        return node switch
        {
            null => [],
            SpecNode.Sequence list => list.Items.Select((item, i) => (item, $"{key}[{i}]")),
            _ => [(node, key)],
        };
    }

    private void ExcludeMapping(SpecNode.Mapping mapping, string path)
    {
        var parts = new List<string>();
        var before = errors.Count;
        foreach (var (key, value) in SpecMap.Unique(mapping, path, errors))
        {
            var at = SpecText.Join(path, key.Text);
            var items = value is SpecNode.Sequence list ? list.Items : [value];
            var literals = new List<string>();
            foreach (var item in items)
            {
                if (DesignBinder.PointValue(key.Text, item, out var problem) is not { } read)
                {
                    errors.Add(at, problem, item.Mark);
                }
                else if (ExpressionReader.Literal(read) is { } literal)
                {
                    literals.Add(literal);
                }
                else
                {
                    errors.Add(at, $"{SpecText.Describe(item)} holds both kinds of quotes; use one kind", item.Mark);
                }
            }

            if (!AxisBinder.IsName(key.Text) || ExpressionToken.IsReserved(key.Text))
            {
                errors.Add(at, $"'{SpecText.Clip(key.Text)}' is the name of no axis", key.Mark);
            }

            if (items.Count == 0)
            {
                errors.Add(at, "has no values; give at least one", value.Mark);
            }

            parts.Add(
                literals is [var only] ? $"{key.Text} == {only}" : $"{key.Text} in [{string.Join(", ", literals)}]"
            );
        }

        if (mapping.Entries.Count == 0)
        {
            errors.Add(path, "excludes nothing; give axes and values, e.g. {batch: 1}", mapping.Mark);
        }

        if (errors.Count == before)
        {
            Add($"not ({string.Join(" and ", parts)})", path, mapping.Mark);
        }
    }

    private void Add(string text, string path, Mark mark)
    {
        try
        {
            conditions.Add(new(Expression.Parse(text), path, mark));
        }
        catch (ExpressionException e)
        {
            errors.Add(path, e.Message, mark);
        }
    }
}
