namespace Layerbench.Core.Tests;

public sealed class SeededPermutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    [InlineData(65_537)]
    public void EveryIndexIsHitExactlyOnceAndFoundAgain(long size)
    {
        var permutation = new SeededPermutation(size, 7);
        var hits = new bool[size];
        for (var i = 0L; i < size; i++)
        {
            var target = permutation.At(i);
            hits[target].ShouldBeFalse();
            hits[target] = true;
            permutation.IndexOf(target).ShouldBe(i);
        }

        hits.ShouldAllBe(hit => hit);
    }

    [Fact]
    public void TheSeedDecidesTheOrder()
    {
        long[] Order(ulong seed) => [.. Enumerable.Range(0, 8).Select(i => new SeededPermutation(100, seed).At(i))];
        Order(1).ShouldBe(Order(1));
        Order(1).ShouldNotBe(Order(2));
    }

    /// <summary>Random designs draw their points by it: another order would be other cells under the same seed.</summary>
    [Fact]
    public void TheOrderOfASeedNeverChanges() =>
        Enumerable.Range(0, 6).Select(i => new SeededPermutation(1000, 7).At(i)).ShouldBe([480, 384, 54, 82, 622, 916]);

    [Fact]
    public void ItStaysInsideADomainOfSixtyTwoBits()
    {
        var permutation = new SeededPermutation(1L << 62, 3);
        var seen = Enumerable.Range(0, 10_000).Select(i => permutation.At(i)).ToHashSet();
        seen.Count.ShouldBe(10_000);
        seen.ShouldAllBe(v => v >= 0 && v < 1L << 62 && permutation.At(permutation.IndexOf(v)) == v);
    }

    [Fact]
    public void PlacesAreSpreadEvenly()
    {
        // 1,000 of 10^9 points into ten equal parts: about 100 ± 9.5 each; five standard deviations.
        var permutation = new SeededPermutation(1_000_000_000, 5);
        var parts = new int[10];
        for (var i = 0; i < 1000; i++)
        {
            parts[permutation.At(i) / 100_000_000]++;
        }

        parts.ShouldAllBe(n => n > 52 && n < 148);
    }
}
