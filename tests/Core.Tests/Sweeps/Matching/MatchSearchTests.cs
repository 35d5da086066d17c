using Layerbench.Core.Sweeps;
using Layerbench.Core.Sweeps.Matching;

namespace Layerbench.Core.Tests.Sweeps.Matching;

public sealed class MatchSearchTests
{
    private static long? Nearest(
        Func<long, double> work,
        double target,
        Func<long, bool>? allowed = null,
        long least = 1,
        long most = 1000
    ) => MatchSearch.Nearest(work, allowed ?? (_ => true), target, least, most);

    [Theory]
    [InlineData(100, 10)]
    [InlineData(109, 10)] // 10² is 9% below, 11² is 11% above
    [InlineData(111, 11)]
    [InlineData(0.5, 1)]
    [InlineData(1e9, 1000)]
    public void TheSquareNearestByRatioIsFound(double target, long expected) =>
        Nearest(n => n * n, target).ShouldBe(expected);

    // Compared with trying every integer.
    [Fact]
    public void NoIntegerIsNearerThanTheOneFound()
    {
        for (var target = 1; target < 3000; target += 7)
        {
            var best = Enumerable.Range(1, 1000).MinBy(n => MatchSearch.Off((3 * n) + 5, target));
            Nearest(n => (3 * n) + 5, target).ShouldBe(best);
        }
    }

    [Fact]
    public void OnlyAllowedIntegersAreTaken() => Nearest(n => n, 100, n => n % 64 == 0).ShouldBe(128);

    [Fact]
    public void WorkThatStaysTheSameGivesNothing() => Nearest(_ => 7, 7).ShouldBeNull();

    [Fact]
    public void NothingAllowedGivesNothing() => Nearest(n => n, 100, _ => false).ShouldBeNull();

    [Fact]
    public void TheBoundsAreKept()
    {
        Nearest(n => n, 5, least: 20).ShouldBe(20);
        Nearest(n => n, 5000, most: 30).ShouldBe(30);
    }

    [Fact]
    public void StepsOfEqualWorkAreSearchedToo() => Nearest(n => n / 16 * 16, 64, least: 16).ShouldBe(64);

    [Fact]
    public void WorkThatFallsIsRefused() => Should.Throw<ExpressionException>(() => Nearest(n => n == 4 ? 1 : n, 100));
}
