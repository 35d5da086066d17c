namespace Layerbench.Core.Sweeps;

/// <summary>
/// Recursive descent, loosest first: <c>?:</c>, <c>or</c>, <c>and</c>, <c>not</c>, one comparison or <c>in</c>,
/// <c>+ -</c>, <c>* / // %</c>, sign, <c>**</c> (from the right), as in Python.
/// </summary>
internal sealed class ExpressionParser
{
    private readonly string text;
    private readonly List<ExpressionToken> tokens;
    private readonly List<string> names = [];
    private int at;
    private int depth;

    public ExpressionParser(string text)
    {
        this.text = text;
        tokens = ExpressionToken.Split(text);
    }

    public IReadOnlyList<string> Names => names;

    private ExpressionToken Current => tokens[at];

    public ExpressionNode Parse()
    {
        var root = Choice();
        return Current.Kind == TokenKind.End
            ? root
            : throw Error($"did not expect {Current} here; put an operator before it or remove it");
    }

    private ExpressionException Error(string problem) => new($"'{text}': {problem}", Current.Column);

    private bool Take(string symbol)
    {
        if (!Current.Is(symbol))
        {
            return false;
        }

        at++;
        return true;
    }

    private void Expect(string symbol, string after)
    {
        if (!Take(symbol))
        {
            throw Error($"'{symbol}' is missing after {after}, before {Current}");
        }
    }

    private ExpressionNode Nested(Func<ExpressionNode> parse)
    {
        if (++depth > Expression.MaximumDepth)
        {
            throw Error($"is nested more than {Expression.MaximumDepth} deep; simplify it");
        }

        var node = parse();
        depth--;
        return node;
    }

    private ExpressionNode Choice()
    {
        var condition = Or();
        var column = Current.Column;
        if (!Take("?"))
        {
            return condition;
        }

        var yes = Nested(Choice);
        Expect(":", "'?' and its value");
        return new ChoiceNode(text, column, condition, yes, Nested(Choice));
    }

    private ExpressionNode Or()
    {
        var left = And();
        for (var column = Current.Column; Take("or"); column = Current.Column)
        {
            left = new LogicNode(text, column, isAnd: false, left, And());
        }

        return left;
    }

    private ExpressionNode And()
    {
        var left = Not();
        for (var column = Current.Column; Take("and"); column = Current.Column)
        {
            left = new LogicNode(text, column, isAnd: true, left, Not());
        }

        return left;
    }

    private ExpressionNode Not()
    {
        var column = Current.Column;
        return Take("not") ? new NotNode(text, column, Nested(Not)) : Comparison();
    }

    private ExpressionNode Comparison()
    {
        var left = Sum();
        var column = Current.Column;
        var negated = Current.Is("not") && tokens[at + 1].Is("in") && Take("not");
        ExpressionNode node;
        if (Take("in"))
        {
            Expect("[", "'in'");
            node = new MemberNode(text, column, negated, left, [.. Items("]")]);
        }
        else if (IsComparison(Current))
        {
            var op = Current.Text;
            at++;
            node = new CompareNode(text, column, op, left, Sum());
        }
        else
        {
            return left;
        }

        return IsComparison(Current) || Current.Is("in")
            ? throw Error("compares twice in a row; join two comparisons with 'and'")
            : node;
    }

    private static bool IsComparison(ExpressionToken token) =>
        token.Kind == TokenKind.Symbol && token.Text is "==" or "!=" or "<" or "<=" or ">" or ">=";

    private ExpressionNode Sum()
    {
        var left = Product();
        while (Current.Is("+") || Current.Is("-"))
        {
            var op = Current.Is("+") ? ArithmeticOperator.Add : ArithmeticOperator.Subtract;
            var column = Current.Column;
            at++;
            left = new ArithmeticNode(text, column, op, left, Product());
        }

        return left;
    }

    private ExpressionNode Product()
    {
        var left = Sign();
        while (true)
        {
            ArithmeticOperator? op =
                Current.Kind != TokenKind.Symbol
                    ? null
                    : Current.Text switch
                    {
                        "*" => ArithmeticOperator.Multiply,
                        "/" => ArithmeticOperator.Divide,
                        "//" => ArithmeticOperator.FloorDivide,
                        "%" => ArithmeticOperator.Remainder,
                        _ => null,
                    };
            if (op is null)
            {
                return left;
            }

            var column = Current.Column;
            at++;
            left = new ArithmeticNode(text, column, op.Value, left, Sign());
        }
    }

    private ExpressionNode Sign()
    {
        var column = Current.Column;
        if (Take("-"))
        {
            return new NegateNode(text, column, Nested(Sign));
        }

        var left = Atom();
        column = Current.Column;
        return Take("**") ? new ArithmeticNode(text, column, ArithmeticOperator.Power, left, Nested(Sign)) : left;
    }

    private ExpressionNode Atom()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Text:
                at++;
                return new ConstantNode(text, token.Column, token.Value);
            case TokenKind.Name:
                at++;
                return Current.Is("(") ? Call(token) : Named(token);
            case TokenKind.Symbol when Take("("):
                var inner = Nested(Choice);
                Expect(")", "what '(' opened");
                return inner;
            default:
                throw Error($"a value is missing before {token}");
        }
    }

    private ExpressionNode Named(ExpressionToken token)
    {
        if (token.Text is "true" or "false")
        {
            return new ConstantNode(text, token.Column, Operand.Of(token.Text == "true"));
        }

        if (!names.Contains(token.Text, StringComparer.Ordinal))
        {
            names.Add(token.Text);
        }

        return new NameNode(text, token.Column, token.Text);
    }

    private ExpressionNode Call(ExpressionToken name)
    {
        if (!FunctionNode.Known.TryGetValue(name.Text, out var arity))
        {
            throw new ExpressionException(
                $"'{text}': there is no function '{name.Text}'"
                    + Suggestion.For(name.Text, FunctionNode.Known.Keys.Order(StringComparer.Ordinal)),
                name.Column
            );
        }

        at++;
        var arguments = Items(")");
        if (arguments.Count < arity.Least || arguments.Count > arity.Most)
        {
            var wanted = arity.Least == arity.Most ? $"{arity.Least}" : $"{arity.Least} to {arity.Most}";
            throw new ExpressionException(
                $"'{text}': {name.Text} takes {wanted} value{(wanted == "1" ? "" : "s")}, not {arguments.Count}",
                name.Column
            );
        }

        return name.Text switch
        {
            "if" => new ChoiceNode(text, name.Column, arguments[0], arguments[1], arguments[2]),
            "pow" => new ArithmeticNode(text, name.Column, ArithmeticOperator.Power, arguments[0], arguments[1]),
            _ => new FunctionNode(text, name.Column, name.Text, arguments),
        };
    }

    private List<ExpressionNode> Items(string end)
    {
        var items = new List<ExpressionNode>();
        if (Take(end))
        {
            return items;
        }

        do
        {
            items.Add(Nested(Choice));
        } while (Take(","));
        Expect(end, "the list of values");
        return items;
    }
}
