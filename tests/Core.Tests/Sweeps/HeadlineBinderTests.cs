using Layerbench.SweepFiles;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class HeadlineBinderTests
{
    private const string Sweep =
        "name: x\nvariants: [ffn.dense, ffn.conv1d]\naxes: {batch: [1, 8], seq_len: 32, d_model: 64}\n";

    [Fact]
    public void AHeadlineNamesCellsAndAVariant()
    {
        var headline = Bound
            .Spec(Sweep + "headline: [{name: large, where: batch == 8, variant: ffn.conv1d}]\n")
            .Headlines[0];
        (headline.Name, headline.Where!.Text, headline.Variant).ShouldBe(("large", "batch == 8", "ffn.conv1d"));
        headline.Means("ffn.dense").ShouldBeFalse();
        headline.Means("ffn.conv1d").ShouldBeTrue();
    }

    [Fact]
    public void OneAloneNeedsNoListAndMeansEveryCellAndVariantUnlessItSays()
    {
        var headline = Bound.Spec(Sweep + "headline: {name: all}\n").Headlines.ShouldHaveSingleItem();
        (headline.Where, headline.Variant).ShouldBe((null, null));
        headline.Means(new Dictionary<string, AxisValue>()).ShouldBeTrue();
    }

    [Fact]
    public void TheTextThatAStoreKeepsGivesThemWithoutACatalogue()
    {
        var text = SweepFile
            .Parse(Sweep + "headline: {name: large, where: batch == 8}\n", [], CatalogFixture.Create())
            .EffectiveText!;
        SweepFile.HeadlinesOf(text).Select(h => (h.Name, h.Where!.Text)).ShouldBe([("large", "batch == 8")]);
        SweepFile.HeadlinesOf("not: [a sweep").ShouldBeEmpty();
    }

    [Fact]
    public void MoreThanTwentyAreNoHeadlines() =>
        Bound
            .Errors(
                Sweep + $"headline: [{string.Join(", ", Enumerable.Range(0, 21).Select(i => $"{{name: n{i}}}"))}]\n"
            )
            .ShouldBe(["f:4:11: headline: has 21 comparisons; name 1 to 20"]);
}
