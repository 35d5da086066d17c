namespace Layerbench.Core.Sweeps;

/// <summary>One operation of a parsed expression. Nodes are immutable, so an expression can be used by many threads.</summary>
/// <param name="source">The whole expression, for messages.</param>
/// <param name="column">1-based column of the operator in it.</param>
internal abstract class ExpressionNode(string source, int column)
{
    protected string Source { get; } = source;

    protected int Column { get; } = column;

    public abstract Operand Evaluate(Func<string, AxisValue?> lookup);

    protected ExpressionException Error(string problem) => new($"'{Source}': {problem}", Column);

    protected double Number(in Operand value, string user) =>
        value.IsNumber ? value.Number : throw Error($"{user} takes numbers, not {value}");

    protected bool Truth(in Operand value, string user) =>
        value.Kind == OperandKind.Truth
            ? value.Truth
            : throw Error($"{user} takes true or false, not {value}; compare it with something");

    protected ExpressionException NotFinite(string what) => Error($"{what} is not a finite number");
}

internal sealed class ConstantNode(string source, int column, Operand value) : ExpressionNode(source, column)
{
    public override Operand Evaluate(Func<string, AxisValue?> lookup) => value;
}

internal sealed class NameNode(string source, int column, string name) : ExpressionNode(source, column)
{
    public override Operand Evaluate(Func<string, AxisValue?> lookup) =>
        lookup(name) is { } value ? Operand.Of(value) : throw Error($"no axis is called '{name}'");
}

internal sealed class NegateNode(string source, int column, ExpressionNode inner) : ExpressionNode(source, column)
{
    public override Operand Evaluate(Func<string, AxisValue?> lookup)
    {
        var value = inner.Evaluate(lookup);
        return value.Kind == OperandKind.Integer && value.Integer != long.MinValue
            ? Operand.Of(-value.Integer)
            : Operand.Of(-Number(value, "'-'"));
    }
}

internal sealed class NotNode(string source, int column, ExpressionNode inner) : ExpressionNode(source, column)
{
    public override Operand Evaluate(Func<string, AxisValue?> lookup) =>
        Operand.Of(!Truth(inner.Evaluate(lookup), "'not'"));
}

/// <summary><c>and</c>, <c>or</c>: the right side is not evaluated where the left side decides.</summary>
internal sealed class LogicNode(string source, int column, bool isAnd, ExpressionNode left, ExpressionNode right)
    : ExpressionNode(source, column)
{
    public override Operand Evaluate(Func<string, AxisValue?> lookup)
    {
        var user = isAnd ? "'and'" : "'or'";
        return Truth(left.Evaluate(lookup), user) == isAnd
            ? Operand.Of(Truth(right.Evaluate(lookup), user))
            : Operand.Of(!isAnd);
    }
}

/// <summary><c>c ? a : b</c> and <c>if(c, a, b)</c>: only the side that is chosen is evaluated.</summary>
internal sealed class ChoiceNode(
    string source,
    int column,
    ExpressionNode condition,
    ExpressionNode yes,
    ExpressionNode no
) : ExpressionNode(source, column)
{
    public override Operand Evaluate(Func<string, AxisValue?> lookup) =>
        Truth(condition.Evaluate(lookup), "a choice") ? yes.Evaluate(lookup) : no.Evaluate(lookup);
}

internal sealed class MemberNode(string source, int column, bool negated, ExpressionNode item, ExpressionNode[] items)
    : ExpressionNode(source, column)
{
    public override Operand Evaluate(Func<string, AxisValue?> lookup)
    {
        var value = item.Evaluate(lookup);
        foreach (var node in items)
        {
            var other = node.Evaluate(lookup);
            if (!value.SameKind(other))
            {
                throw Error($"'in' looks for {value} among values of another kind ({other})");
            }

            if (value.Same(other))
            {
                return Operand.Of(!negated);
            }
        }

        return Operand.Of(negated);
    }
}

internal sealed class CompareNode(string source, int column, string op, ExpressionNode left, ExpressionNode right)
    : ExpressionNode(source, column)
{
    private readonly string quotedOp = $"'{op}'";

    public override Operand Evaluate(Func<string, AxisValue?> lookup)
    {
        var a = left.Evaluate(lookup);
        var b = right.Evaluate(lookup);
        if (op is "==" or "!=")
        {
            return a.SameKind(b)
                ? Operand.Of(a.Same(b) == (op == "=="))
                : throw Error($"'{op}' compares {a} with {b}, which is of another kind and never equal");
        }

        if (a.Kind == OperandKind.Integer && b.Kind == OperandKind.Integer)
        {
            return Operand.Of(Holds(a.Integer.CompareTo(b.Integer)));
        }

        return Operand.Of(Holds(Number(a, quotedOp).CompareTo(Number(b, quotedOp))));
    }

    private bool Holds(int order) =>
        op switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
