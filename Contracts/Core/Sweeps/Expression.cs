namespace Layerbench.Core.Sweeps;

/// <summary>
/// An arithmetic or logical expression over axes: <c>4*d_model</c>, <c>d_model % heads == 0 and batch &lt; 64</c>,
/// <c>log2(seq_len)</c>, <c>pass == 'forward'</c>. Pure; evaluation never loops.
/// </summary>
public sealed class Expression
{
    private Expression(string text, IReadOnlyList<string> names)
    {
        Text = text;
        Names = names;
    }

    public string Text { get; }

    /// <summary>The axes it reads, each once.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <exception cref="ExpressionException">The text is no expression.</exception>
    public static Expression Parse(string text) => throw new NotImplementedException();

    /// <exception cref="ExpressionException">A name is unknown, a division is by zero, a result is not finite, a kind is wrong.</exception>
    public AxisValue Evaluate(Func<string, AxisValue?> lookup) => throw new NotImplementedException();

    /// <summary><see cref="Evaluate"/>, for an expression that must give a number.</summary>
    public double Number(Func<string, AxisValue?> lookup) => Evaluate(lookup).Number;
}

/// <summary>An expression that cannot be read or evaluated; the message names the value, the rule and the repair.</summary>
public sealed class ExpressionException(string message, int column = 0) : Exception(message)
{
    /// <summary>1-based column inside the expression's text; 0 where it has none.</summary>
    public int Column { get; } = column;
}
