namespace Layerbench.Core.Sweeps;

/// <summary>A scalar of the file as an expression.</summary>
internal static class ExpressionReader
{
    /// <summary>Null where the node is no expression, which is reported with the expression's own column.</summary>
    public static Expression? Read(SpecNode node, string path, SpecErrors errors)
    {
        if (node is not SpecNode.Scalar { Text.Length: > 0 } scalar)
        {
            errors.Add(
                path,
                $"{SpecText.Describe(node)} is no expression; write e.g. \"batch * seq_len <= 4096\"",
                node.Mark
            );
            return null;
        }

        try
        {
            return Expression.Parse(scalar.Text);
        }
        catch (ExpressionException e)
        {
            errors.Add(path, e.Message, Place(scalar, e.Column));
            return null;
        }
    }

    /// <summary>The expression's column in the file; a quote takes one character.</summary>
    public static Mark Place(SpecNode.Scalar scalar, int column) =>
        column == 0 || scalar.Text.Contains('\n', StringComparison.Ordinal)
            ? scalar.Mark
            : scalar.Mark with
            {
                Column = scalar.Mark.Column + column - 1 + (scalar.Quoted ? 1 : 0),
            };

    /// <summary>A value as it is written inside an expression; null for a text that holds both kinds of quotes.</summary>
    public static string? Literal(AxisValue value) =>
        !value.IsText ? value.Canonical
        : !value.Text.Contains('\'', StringComparison.Ordinal) ? $"'{value.Text}'"
        : !value.Text.Contains('"', StringComparison.Ordinal) ? $"\"{value.Text}\""
        : null;

    /// <summary>Reports every name that is no axis.</summary>
    public static void CheckNames(BoundExpression bound, IReadOnlyCollection<string> axes, SpecErrors errors)
    {
        foreach (var name in bound.Expression.Names.Where(n => !axes.Contains(n, StringComparer.Ordinal)))
        {
            errors.Add(
                bound.Path,
                $"'{SpecText.Clip(bound.Expression.Text)}': no axis is called '{SpecText.Clip(name)}'"
                    + Suggestion.OrList(name, axes),
                bound.Mark
            );
        }
    }
}
