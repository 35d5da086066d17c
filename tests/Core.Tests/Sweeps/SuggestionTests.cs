using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class SuggestionTests
{
    private static readonly string[] Words = ["ffn.dense", "ffn.conv1d", "training_step", "float32", "seq_len"];

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ab", "ba", 1)]
    [InlineData("ca", "abc", 3)]
    public void TheDistanceIsThatOfOptimalStringAlignment(string a, string b, int expected) =>
        Suggestion.Distance(a, b).ShouldBe(expected);

    [Theory]
    [InlineData("ffn.dnese", "ffn.dense")]
    [InlineData("dense", "ffn.dense")]
    [InlineData("training-step", "training_step")]
    [InlineData("training", "training_step")]
    [InlineData("Float32", "float32")]
    [InlineData("sequence_length", null)]
    [InlineData("x", null)]
    public void TheWordThatWasProbablyMeantIsFound(string word, string? expected) =>
        Suggestion.Closest(word, Words).ShouldBe(expected);

    [Fact]
    public void AWordThatIsNearNothingIsAnsweredWithTheList() =>
        Suggestion.OrList("x", ["one", "two"]).ShouldBe("; use one of one, two");
}
