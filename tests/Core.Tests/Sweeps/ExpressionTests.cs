using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class ExpressionTests
{
    private static AxisValue? Lookup(string name) =>
        name switch
        {
            "d_model" => AxisValue.Of(512),
            "batch" => AxisValue.Of(8),
            "heads" => AxisValue.Of(3),
            "zero" => AxisValue.Of(0),
            "rate" => AxisValue.Of(0.25),
            "pass" => AxisValue.Of("forward"),
            "biased" => AxisValue.Of(true),
            _ => null,
        };

    [Theory]
    [InlineData("4*d_model", "2048")]
    [InlineData("1 + 2 * 3 - 4", "3")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("d_model / 4", "128")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("7 // 2", "3")]
    [InlineData("-7 // 2", "-4")]
    [InlineData("7 // -2", "-4")]
    [InlineData("-7 % 3", "2")]
    [InlineData("7 % -3", "-2")]
    [InlineData("7.5 % 2", "1.5")]
    [InlineData("7.5 // 2", "3")]
    [InlineData("2 ** 10", "1024")]
    [InlineData("2 ** 3 ** 2", "512")]
    [InlineData("-2 ** 2", "-4")]
    [InlineData("2 ** -1", "0.5")]
    [InlineData("10 - 3 - 2", "5")]
    [InlineData("1e3 + .5", "1000.5")]
    [InlineData("rate * 4", "1")]
    [InlineData("9007199254740993 * 1", "9007199254740993")]
    [InlineData("9223372036854775807 + 1 > 9e18", "true")]
    [InlineData("min(3, 1, 2)", "1")]
    [InlineData("max(d_model, 1000)", "1000")]
    [InlineData("abs(-3)", "3")]
    [InlineData("round(2.5)", "3")]
    [InlineData("round(-2.5)", "-3")]
    [InlineData("floor(-0.5)", "-1")]
    [InlineData("ceil(0.2)", "1")]
    [InlineData("sqrt(d_model * 2)", "32")]
    [InlineData("log2(d_model)", "9")]
    [InlineData("log(exp(1))", "1")]
    [InlineData("pow(2, 5)", "32")]
    [InlineData("d_model % heads == 0", "false")]
    [InlineData("d_model % 64 == 0 and batch < 64", "true")]
    [InlineData("not (batch == 8 or batch == 9)", "false")]
    [InlineData("not batch == 9", "true")]
    [InlineData("pass == 'forward'", "true")]
    [InlineData("pass != \"forward\"", "false")]
    [InlineData("batch in [1, 8]", "true")]
    [InlineData("batch not in [1, 8]", "false")]
    [InlineData("pass in ['forward', 'training_step']", "true")]
    [InlineData("batch > 4 ? 'big' : 'small'", "big")]
    [InlineData("batch > 8 ? 1 : batch > 4 ? 2 : 3", "2")]
    [InlineData("if(biased, 1, 1/zero)", "1")]
    [InlineData("false and 1/zero > 0", "false")]
    [InlineData("true or 1/zero > 0", "true")]
    [InlineData("2 == 2.0", "true")]
    [InlineData("rate <= 0.25", "true")]
    public void AnExpressionHasThisValue(string text, string expected) =>
        Expression.Parse(text).Evaluate(Lookup).Canonical.ShouldBe(expected);

    [Theory]
    [InlineData("2^3", 2, "'2^3': '^' is no operator here; did you mean '**'?")]
    [InlineData("a = b", 3, "'a = b': '=' is no operator here; did you mean '=='?")]
    [InlineData("a && b", 3, "'a && b': '&&' is no operator here; did you mean 'and'?")]
    [InlineData("!a", 1, "'!a': '!' is no operator here; did you mean 'not'?")]
    [InlineData("2d", 1, "'2d': '2d' is no number; write it like 12, 0.5 or 1e-3, and a product with '*'")]
    [InlineData("1 +", 4, "'1 +': a value is missing before the end")]
    [InlineData("", 1, "'': a value is missing before the end")]
    [InlineData("(1", 3, "'(1': ')' is missing after what '(' opened, before the end")]
    [InlineData("1 2", 3, "'1 2': did not expect '2' here; put an operator before it or remove it")]
    [InlineData("1 < 2 < 3", 7, "'1 < 2 < 3': compares twice in a row; join two comparisons with 'and'")]
    [InlineData("sqr(4)", 1, "'sqr(4)': there is no function 'sqr'; did you mean 'sqrt'?")]
    [InlineData("sqrt(1, 2)", 1, "'sqrt(1, 2)': sqrt takes 1 value, not 2")]
    [InlineData("min()", 1, "'min()': min takes 1 to 100 values, not 0")]
    [InlineData("'open", 1, "''open': the quote ' is not closed")]
    [InlineData("a $ b", 3, "'a $ b': '$' has no meaning in an expression; remove it")]
    [InlineData("batch in 8", 10, "'batch in 8': '[' is missing after 'in', before '8'")]
    public void ATextThatIsNoExpressionIsRefused(string text, int column, string message)
    {
        var error = Should.Throw<ExpressionException>(() => Expression.Parse(text));
        error.Message.ShouldBe(message);
        error.Column.ShouldBe(column);
    }

    [Theory]
    [InlineData("d_modl + 1", "'d_modl + 1': no axis is called 'd_modl'")]
    [InlineData("batch / zero", "'batch / zero': divides 8 by zero; exclude the point or change the divisor")]
    [InlineData("batch // zero", "'batch // zero': divides 8 by zero; exclude the point or change the divisor")]
    [InlineData("batch % 0.0", "'batch % 0.0': divides 8 by zero; exclude the point or change the divisor")]
    [InlineData("sqrt(-1)", "'sqrt(-1)': sqrt(-1) is not a finite number")]
    [InlineData("log(zero)", "'log(zero)': log(0) is not a finite number")]
    [InlineData("10 ** 400", "'10 ** 400': 10 ** 400 is not a finite number")]
    [InlineData("pass + 1", "'pass + 1': '+' takes numbers, not the text 'forward'")]
    [InlineData("pass < 'x'", "'pass < 'x'': '<' takes numbers, not the text 'forward'")]
    [InlineData(
        "pass == 1",
        "'pass == 1': '==' compares the text 'forward' with 1, which is of another kind and never equal"
    )]
    [InlineData("batch and true", "'batch and true': 'and' takes true or false, not 8; compare it with something")]
    [InlineData(
        "batch in [1, 'x']",
        "'batch in [1, 'x']': 'in' looks for 8 among values of another kind (the text 'x')"
    )]
    public void AnExpressionThatHasNoValueSaysWhy(string text, string message) =>
        Should.Throw<ExpressionException>(() => Expression.Parse(text).Evaluate(Lookup)).Message.ShouldBe(message);

    [Fact]
    public void EachNameIsListedOnceAndWordsOfTheLanguageAreNot() =>
        Expression.Parse("min(a, b) + a * (true ? b : c)").Names.ShouldBe(["a", "b", "c"]);

    [Fact]
    public void ATruthIsAskedForApartFromANumber()
    {
        Should
            .Throw<ExpressionException>(() => Expression.Parse("batch").Truth(Lookup))
            .Message.ShouldBe("'batch' gives 8, not true or false; compare it with something");
        Should
            .Throw<ExpressionException>(() => Expression.Parse("biased").Number(Lookup))
            .Message.ShouldBe("'biased' gives true, not a number");
    }

    [Fact]
    public void NestingAndLengthAreBounded()
    {
        Expression.Parse(new string('(', 60) + "1" + new string(')', 60)).Evaluate(Lookup).Integer.ShouldBe(1);
        foreach (
            var deep in new[]
            {
                new string('(', 65) + "1",
                new string('-', 100) + "1",
                string.Concat(Enumerable.Repeat("not ", 100)) + "true",
                string.Concat(Enumerable.Repeat("2**", 100)) + "1",
            }
        )
        {
            Should
                .Throw<ExpressionException>(() => Expression.Parse(deep))
                .Message.ShouldEndWith("is nested more than 64 deep; simplify it");
        }

        Should
            .Throw<ExpressionException>(() => Expression.Parse(new string('1', 16_001)))
            .Message.ShouldBe("the expression has 16001 characters; at most 16000 are read; shorten it");
        Expression.Parse(string.Join('+', Enumerable.Repeat("1", 2000))).Evaluate(Lookup).Integer.ShouldBe(2000);
    }

    [Fact]
    public void AnEvaluationAllocatesNothing()
    {
        // A plan evaluates expressions at every index of millions: no boxes, no enumerators, no text.
        var expression = Expression.Parse(
            "d_model % 64 == 0 and 4*d_model*batch <= max(2**20, batch) and batch in [1, 8]"
        );
        var (wide, few) = (AxisValue.Of(512), AxisValue.Of(8));
        Func<string, AxisValue?> lookup = name => name == "batch" ? few : wide;
        expression.Truth(lookup).ShouldBeTrue();
        // The best of several rounds: code that is not compiled to its end yet may allocate, code that must allocate always does.
        Enumerable.Range(0, 20).Min(_ => Round()).ShouldBe(0);

        long Round()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                expression.Truth(lookup);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
