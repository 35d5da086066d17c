namespace Layerbench.Core.Sweeps;

/// <summary>A function of numbers. <c>log</c> is the natural logarithm; <c>round</c> takes halves away from zero.</summary>
internal sealed class FunctionNode(string source, int column, string name, IReadOnlyList<ExpressionNode> arguments)
    : ExpressionNode(source, column)
{
    /// <summary>Names with the least and most arguments.</summary>
    public static readonly IReadOnlyDictionary<string, (int Least, int Most)> Known = new Dictionary<
        string,
        (int Least, int Most)
    >(StringComparer.Ordinal)
    {
        ["min"] = (1, 100),
        ["max"] = (1, 100),
        ["abs"] = (1, 1),
        ["round"] = (1, 1),
        ["floor"] = (1, 1),
        ["ceil"] = (1, 1),
        ["sqrt"] = (1, 1),
        ["log2"] = (1, 1),
        ["log"] = (1, 1),
        ["exp"] = (1, 1),
        ["pow"] = (2, 2),
        ["if"] = (3, 3),
    };

    public override Operand Evaluate(Func<string, AxisValue?> lookup)
    {
        var value = arguments[0].Evaluate(lookup);
        var number = Number(value, name);
        if (name is "min" or "max")
        {
            return Extreme(value, lookup);
        }

        if (value.Kind == OperandKind.Integer && name is "round" or "floor" or "ceil")
        {
            return value;
        }

        if (value.Kind == OperandKind.Integer && name == "abs" && value.Integer != long.MinValue)
        {
            return Operand.Of(Math.Abs(value.Integer));
        }

        var result = Apply(number);
        return double.IsFinite(result) ? Operand.Of(result) : throw NotFinite($"{name}({value})");
    }

    private double Apply(double x) =>
        name switch
        {
            "abs" => Math.Abs(x),
            "round" => Math.Round(x, MidpointRounding.AwayFromZero),
            "floor" => Math.Floor(x),
            "ceil" => Math.Ceiling(x),
            "sqrt" => Math.Sqrt(x),
            "log2" => Math.Log2(x),
            "log" => Math.Log(x),
            "exp" => Math.Exp(x),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private Operand Extreme(Operand best, Func<string, AxisValue?> lookup)
    {
        for (var i = 1; i < arguments.Count; i++)
        {
            var other = arguments[i].Evaluate(lookup);
            var order = Number(other, name).CompareTo(best.Number);
            if (name == "min" ? order < 0 : order > 0)
            {
                best = other;
            }
        }

        return best;
    }
}
