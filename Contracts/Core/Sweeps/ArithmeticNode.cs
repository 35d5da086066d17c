namespace Layerbench.Core.Sweeps;

internal enum ArithmeticOperator : byte
{
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
}

/// <summary>
/// <c>+ - * / // % **</c>. Two integers give an integer where that is exact and fits 64 bits; else reals are used.
/// </summary>
internal sealed class ArithmeticNode(
    string source,
    int column,
    ArithmeticOperator op,
    ExpressionNode left,
    ExpressionNode right
) : ExpressionNode(source, column)
{
    private string Sign =>
        op switch
        {
            ArithmeticOperator.Add => "'+'",
            ArithmeticOperator.Subtract => "'-'",
            ArithmeticOperator.Multiply => "'*'",
            ArithmeticOperator.Divide => "'/'",
            ArithmeticOperator.FloorDivide => "'//'",
            ArithmeticOperator.Remainder => "'%'",
            ArithmeticOperator.Power => "'**'",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public override Operand Evaluate(Func<string, AxisValue?> lookup)
    {
        var a = left.Evaluate(lookup);
        var b = right.Evaluate(lookup);
        if (!a.IsNumber || !b.IsNumber)
        {
            throw Error($"{Sign} takes numbers, not {(a.IsNumber ? b : a)}");
        }

        if (IsDivision && b.Number == 0)
        {
            throw Error($"divides {a} by zero; exclude the point or change the divisor");
        }

        if (
            a.Kind == OperandKind.Integer
            && b.Kind == OperandKind.Integer
            && Exact(a.Integer, b.Integer, out var exact)
        )
        {
            return Operand.Of(exact);
        }

        var real = Real(a.Number, b.Number);
        return double.IsFinite(real) ? Operand.Of(real) : throw NotFinite($"{a} {Sign.Trim('\'')} {b}");
    }

    private bool IsDivision =>
        op is ArithmeticOperator.Divide or ArithmeticOperator.FloorDivide or ArithmeticOperator.Remainder;

    private double Real(double a, double b) =>
        op switch
        {
            ArithmeticOperator.Add => a + b,
            ArithmeticOperator.Subtract => a - b,
            ArithmeticOperator.Multiply => a * b,
            ArithmeticOperator.Divide => a / b,
            ArithmeticOperator.FloorDivide => Math.Floor(a / b),
            ArithmeticOperator.Remainder => a - (b * Math.Floor(a / b)),
            ArithmeticOperator.Power => Math.Pow(a, b),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private bool Exact(long a, long b, out long result)
    {
        switch (op)
        {
            case ArithmeticOperator.Add:
                result = unchecked(a + b);
                return ((a ^ result) & (b ^ result)) >= 0;
            case ArithmeticOperator.Subtract:
                result = unchecked(a - b);
                return ((a ^ b) & (a ^ result)) >= 0;
            case ArithmeticOperator.Multiply:
                return Product(a, b, out result);
            case ArithmeticOperator.Power:
                return Power(a, b, out result);
        }

        result = 0;
        if (a == long.MinValue && b == -1)
        {
            return false;
        }

        var quotient = a / b;
        var remainder = a - (quotient * b);
        var below = remainder != 0 && (remainder < 0) != (b < 0);
        result = op switch
        {
            ArithmeticOperator.Divide => quotient,
            ArithmeticOperator.FloorDivide => below ? quotient - 1 : quotient,
            _ => below ? remainder + b : remainder,
        };
        return op != ArithmeticOperator.Divide || remainder == 0;
    }

    private static bool Product(long a, long b, out long result)
    {
        var high = Math.BigMul(a, b, out result);
        return high == result >> 63;
    }

    private static bool Power(long a, long exponent, out long result)
    {
        result = 1;
        if (exponent is < 0 or > 63)
        {
            return false;
        }

        for (var i = 0; i < exponent; i++)
        {
            if (!Product(result, a, out result))
            {
                return false;
            }
        }

        return true;
    }
}
