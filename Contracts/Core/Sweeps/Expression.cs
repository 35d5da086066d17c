namespace Layerbench.Core.Sweeps;

/// <summary>
/// An arithmetic or logical expression over axes: <c>4*d_model</c>, <c>d_model % heads == 0 and batch &lt; 64</c>,
/// <c>log2(seq_len)</c>, <c>pass == 'forward'</c>. Pure; evaluation never loops.
/// </summary>
/// <remarks>
/// Integers stay integers where the result is exact; <c>/</c> gives a real, and a whole real is an integer again (see
/// <see cref="AxisValue.Of(double)"/>). <c>//</c> rounds down and <c>%</c> has the sign of its right side, as in Python.
/// </remarks>
public sealed class Expression
{
    /// <summary>Longest text that is read, in characters: the cost of a network of blocks names every part it may have.</summary>
    public const int MaximumLength = 16_000;

    /// <summary>Deepest nesting of parentheses, signs, powers and choices that is read.</summary>
    public const int MaximumDepth = 64;

    private readonly ExpressionNode root;

    private Expression(string text, IReadOnlyList<string> names, ExpressionNode root)
    {
        Text = text;
        Names = names;
        this.root = root;
    }

    public string Text { get; }

    /// <summary>The axes it reads, each once.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <exception cref="ExpressionException">The text is no expression.</exception>
    public static Expression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaximumLength)
        {
            throw new ExpressionException(
                $"the expression has {text.Length} characters; at most {MaximumLength} are read; shorten it"
            );
        }

        var parser = new ExpressionParser(text);
        var tree = parser.Parse();
        return new(text, parser.Names, tree);
    }

    /// <exception cref="ExpressionException">A name is unknown, a division is by zero, a result is not finite, a kind is wrong.</exception>
    public AxisValue Evaluate(Func<string, AxisValue?> lookup) => root.Evaluate(lookup).ToAxisValue();

    /// <summary><see cref="Evaluate"/>, for an expression that must give a number.</summary>
    public double Number(Func<string, AxisValue?> lookup)
    {
        var value = root.Evaluate(lookup);
        return value.IsNumber ? value.Number : throw new ExpressionException($"'{Text}' gives {value}, not a number");
    }

    /// <summary><see cref="Evaluate"/>, for an expression that must be true or false.</summary>
    public bool Truth(Func<string, AxisValue?> lookup)
    {
        var value = root.Evaluate(lookup);
        return value.Kind == OperandKind.Truth
            ? value.Truth
            : throw new ExpressionException($"'{Text}' gives {value}, not true or false; compare it with something");
    }

    public override string ToString() => Text;
}

/// <summary>An expression that cannot be read or evaluated; the message names the value, the rule and the repair.</summary>
public sealed class ExpressionException(string message, int column = 0) : Exception(message)
{
    /// <summary>1-based column inside the expression's text; 0 where it has none.</summary>
    public int Column { get; } = column;
}
