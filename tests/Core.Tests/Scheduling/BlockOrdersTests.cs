using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

public class BlockOrdersTests
{
    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 20)]
    [InlineData(3, 20)]
    [InlineData(7, 5)]
    [InlineData(4, 0)]
    public void EveryBlockHasEveryVariantOnceAndEveryVariantLeadsEquallyOften(int variants, int blocks)
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            var orders = BlockOrders.Make(variants, blocks, seed);

            orders.Count.ShouldBe(blocks);
            orders.ShouldAllBe(o => o.Order().SequenceEqual(Enumerable.Range(0, variants)));
            var leads = Enumerable.Range(0, variants).Select(v => orders.Count(o => o[0] == v)).ToList();
            (leads.Max() - leads.Min()).ShouldBeLessThanOrEqualTo(1);
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameOrdersAndAnotherGivesOthers()
    {
        static string Text(ulong seed) => string.Join(' ', BlockOrders.Make(4, 20, seed).Select(o => string.Concat(o)));

        Text(1).ShouldBe(Text(1));
        Text(2).ShouldNotBe(Text(1));
    }

    [Fact]
    public void EveryOrderOfThreeVariantsIsAsLikelyAsTheOthers()
    {
        var counts = Enumerable
            .Range(0, 2000)
            .SelectMany(seed => BlockOrders.Make(3, 3, (ulong)seed))
            .CountBy(o => string.Concat(o))
            .ToDictionary();

        // 6,000 blocks over 6 orders; 1000 ± 6 standard deviations of a binomial (29).
        counts.Count.ShouldBe(6);
        counts.Values.ShouldAllBe(c => c > 826 && c < 1174);
    }

    [Fact]
    public void WhoLeadsDoesNotRepeatWithAPeriod()
    {
        // Block 0 and block 4 of four variants have the same lead in a quarter of all seeds: 250 ± 6 standard deviations (14).
        var same = Enumerable
            .Range(0, 1000)
            .Select(seed => BlockOrders.Make(4, 5, (ulong)seed))
            .Count(o => o[0][0] == o[4][0]);

        same.ShouldBeInRange(166, 334);
    }
}
