using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Core.Tests.Statistics;

/// <summary>Estimators against all cases counted out, or against published tables.</summary>
public sealed class ExactEnumerationTests
{
    [Theory]
    [InlineData(6, 0.05)]
    [InlineData(9, 0.05)]
    [InlineData(12, 0.03)]
    [InlineData(16, 0.035)]
    public void ASignedRankPlaceIsTheLastWhoseTailAllSignPatternsAllow(int n, double level)
    {
        var sums = Enumerable
            .Range(0, 1 << n)
            .Select(signs => Enumerable.Range(1, n).Where(rank => (signs >> (rank - 1) & 1) == 1).Sum())
            .ToList();
        var place = SignedRank.IntervalPlace(n, level);
        Tail(place - 1).ShouldBeLessThanOrEqualTo(level / 2);
        Tail(place).ShouldBeGreaterThan(level / 2);

        double Tail(int most) => (double)sums.Count(s => s <= most) / sums.Count;
    }

    // Wilcoxon's critical values, two-sided 5% (Hollander, Wolfe and Chicken 2014, table A.4): the place is one more.
    [Theory]
    [InlineData(6, 0)]
    [InlineData(10, 8)]
    [InlineData(15, 25)]
    [InlineData(20, 52)]
    [InlineData(25, 89)]
    [InlineData(30, 137)]
    public void SignedRankPlacesAreThoseOfTheTable(int n, int critical) =>
        SignedRank.IntervalPlace(n).ShouldBe(critical + 1);

    [Theory]
    [InlineData(4, 4)]
    [InlineData(6, 5)]
    [InlineData(7, 7)]
    public void ARankSumPlaceIsTheLastWhoseTailAllOrdersAllow(int n, int m)
    {
        var counts = new Dictionary<int, int>();
        for (var order = 0; order < 1 << (n + m); order++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)order) == n)
            {
                var u = Enumerable
                    .Range(0, n + m)
                    .Where(i => (order >> i & 1) == 1)
                    .Sum(i => Enumerable.Range(0, i).Count(j => (order >> j & 1) == 0));
                counts[u] = counts.GetValueOrDefault(u) + 1;
            }
        }

        var place = Shift.Place(n, m);
        Tail(place - 1).ShouldBeLessThanOrEqualTo(0.025);
        Tail(place).ShouldBeGreaterThan(0.025);

        double Tail(int most) => (double)counts.Where(c => c.Key <= most).Sum(c => c.Value) / counts.Values.Sum();
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.1, 1.281551565544600)]
    [InlineData(0.05, 1.644853626951473)]
    [InlineData(0.025, 1.959963984540054)]
    [InlineData(0.0175, 2.108358399344113)]
    [InlineData(0.005, 2.575829303548901)]
    public void NormalQuantilesAreThoseOfTheTablesWithinThePromisedError(double tail, double expected) =>
        NormalQuantile.Upper(tail).ShouldBe(expected, 4.5e-4);

    // Brown, Cai and DasGupta 2001 (doi:10.1214/ss/1009213286) and Newcombe 1998 print Wilson's interval of 81 in 263
    // as 0.2553 to 0.3662, of 15 in 148 as 0.0624 to 0.1605, of 0 in 20 as 0 to 0.1611.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void WilsonsIntervalIsThatOfNewcombesTable(int count, int of, double low, double high)
    {
        Proportion.Of(count, of).Low.ShouldBe(low, 5e-5);
        Proportion.Of(count, of).High.ShouldBe(high, 5e-5);
    }

    // Holm's own step-down by hand: 3 x 0.01, 2 x 0.02, then the greatest so far.
    [Fact]
    public void HolmIsTheStepDownByHandWhateverTheOrderAndWithoutWhatIsNoTest()
    {
        var adjusted = Holm.Adjust([0.03, 0.01, double.NaN, 0.02]);
        adjusted[2].ShouldBe(double.NaN);
        adjusted.Where(p => !double.IsNaN(p)).ShouldBe([0.04, 0.03, 0.04], 1e-12);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(5, 2)]
    [InlineData(7, 9)]
    public void TheIncompleteBetaOfWholeNumbersIsABinomialTail(int a, int b)
    {
        var n = a + b - 1;
        foreach (var x in new[] { 0.01, 0.3, 0.5, 0.77, 0.99 })
        {
            var tail = Enumerable.Range(a, n - a + 1).Sum(k => Choose(n, k) * Math.Pow(x, k) * Math.Pow(1 - x, n - k));
            IncompleteBeta.Regularised(a, b, x).ShouldBe(tail, 1e-12);
        }

        static double Choose(int n, int k) => k == 0 ? 1 : Choose(n, k - 1) * (n - k + 1) / k;
    }

    [Fact]
    public void DriftIsSummedUpByItsMedianAndByThePairFurthestFromOne()
    {
        var summary = Canaries.Summary([.. Launch(1, 100, 98), .. Launch(2, 100, 101), .. Launch(3, 100, 50)]);
        summary.ShouldBe(new DriftSummary(5, 100 / 101.0, 0.5, null, null));
        summary!.Value.IsMuch.ShouldBeTrue();
        Canaries.Summary([.. Launch(1, 100, 96)])!.Value.IsMuch.ShouldBeFalse();
        Canaries.Summary(Launch(1, 100, 96).Take(1)).ShouldBeNull();

        static IEnumerable<CanaryRecord> Launch(int second, double first, double last) =>
            new[] { (CanaryPlace.First, first), (CanaryPlace.Last, last) }.Select(end => new CanaryRecord(
                new DeviceId("cpu"),
                new FingerprintId("f"),
                DateTimeOffset.UnixEpoch.AddSeconds(second),
                DateTimeOffset.UnixEpoch.AddSeconds(second),
                end.Item1,
                end.Item2,
                null
            ));
    }
}
