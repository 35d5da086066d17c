using Layerbench.Core.Results;

namespace Layerbench.Core.Tests.Statistics;

public class FingerprintHashTests
{
    [Fact]
    public void TheHashIsOfTheSortedLines()
    {
        // printf 'cpu=EPYC\ntorch=2.4\n' | sha256sum
        var entries = new Dictionary<string, string> { ["torch"] = "2.4", ["cpu"] = "EPYC" };
        FingerprintHash.Of(entries).Value.ShouldBe("7539e4e54aa7778e");
        FingerprintHash.Named(entries).ShouldBe(new Fingerprint(FingerprintHash.Of(entries), entries));
    }

    [Fact]
    public void EntriesThatWouldGiveTheSameLinesGiveOtherHashes()
    {
        Dictionary<string, string>[] sets =
        [
            new() { ["a"] = "1\nb=2" },
            new() { ["a"] = "1", ["b"] = "2" },
            new() { ["a"] = "1\\nb=2" },
            new() { ["a=1\nb"] = "2" },
            new() { ["a"] = "=1" },
            new() { ["a="] = "1" },
            new(),
        ];
        sets.Select(FingerprintHash.Of).Distinct().Count().ShouldBe(sets.Length);
    }
}
