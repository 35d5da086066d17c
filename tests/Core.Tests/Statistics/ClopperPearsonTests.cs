using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

public sealed class ClopperPearsonTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(298)]
    [InlineData(299)]
    public void WithoutOneCaseTheUpperEndHasAClosedForm(int of) =>
        ClopperPearson.Upper(0, of).ShouldBe(1 - Math.Pow(0.05, 1.0 / of), 1e-12);

    [Fact]
    public void ItTakes299CasesWithoutOneToProveOnePercent()
    {
        ClopperPearson.Upper(0, 298).ShouldBeGreaterThan(0.01);
        ClopperPearson.Upper(0, 299).ShouldBeLessThan(0.01);
    }

    // Clopper and Pearson's own 95% interval of 5 in 10: two one-sided ends of 2.5%.
    [Fact]
    public void FiveInTenGivesThePublishedInterval()
    {
        ClopperPearson.Lower(5, 10, 0.025).ShouldBe(0.187, 5e-4);
        ClopperPearson.Upper(5, 10, 0.025).ShouldBe(0.813, 5e-4);
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(3, 17)]
    [InlineData(89, 90)]
    public void TheEndsAreWhereTheBinomialTailsAreTheLevel(int count, int of)
    {
        AtMost(count, of, ClopperPearson.Upper(count, of)).ShouldBe(0.05, 1e-10);
        (1 - AtMost(count - 1, of, ClopperPearson.Lower(count, of))).ShouldBe(0.05, 1e-10);
        ClopperPearson.Lower(of - count, of).ShouldBe(1 - ClopperPearson.Upper(count, of), 1e-12);
    }

    [Fact]
    public void AllNoneAndNothingHaveOpenEnds()
    {
        ClopperPearson.Upper(5, 5).ShouldBe(1);
        ClopperPearson.Lower(0, 5).ShouldBe(0);
        (ClopperPearson.Lower(0, 0), ClopperPearson.Upper(0, 0)).ShouldBe((0, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => ClopperPearson.Upper(6, 5));
    }

    /// <summary>P(X ≤ count), term by term.</summary>
    private static double AtMost(int count, int of, double share)
    {
        double term = Math.Pow(1 - share, of),
            sum = term;
        for (var k = 1; k <= count; k++)
        {
            term *= (of - k + 1.0) / k * share / (1 - share);
            sum += term;
        }

        return sum;
    }
}
