using System.Globalization;
using System.Text.RegularExpressions;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Chart;

/// <summary>What a gateway may use, against what the live page keeps in it.</summary>
public sealed partial class GatewayMemoryTests
{
    /// <summary>Of the container's limit, .NET's heap gets this unless it is told otherwise.</summary>
    private const double HeapShare = 0.75;

    /// <summary>Seen over 100,000 cells (docs/live.md): 560 MB, of which this is not the cells'.</summary>
    private const double BesideCells = 60e6;

    private const double OfACell = 5e3;

    [Fact]
    public void TheLimitIsEnoughForAllCellsThatTheLivePageKeeps()
    {
        var inABook = Number(BookCells(), "Client/Web/Live/SweepBook.cs");
        var books = Number(Books(), "Client/Web/Live/SweepBooks.cs");
        var limit = Yaml.ReadFile("helm", "layerbench", "values.yaml").Text("gateway.resources.limits.memory")!;

        limit.ShouldEndWith("Gi");
        var heap = HeapShare * int.Parse(limit[..^2], CultureInfo.InvariantCulture) * (1L << 30);

        (books * inABook).ShouldBe(400_000);
        (BesideCells + OfACell * books * inABook).ShouldBeLessThanOrEqualTo(heap);
    }

    private static int Number(Regex pattern, string source)
    {
        var match = pattern.Match(File.ReadAllText(Repository.At(source)));
        match.Success.ShouldBeTrue(source);
        return int.Parse(
            match.Groups["number"].Value.Replace("_", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture
        );
    }

    [GeneratedRegex(@"MostCells = (?<number>[\d_]+);", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BookCells();

    [GeneratedRegex(
        @"MostCells = (?<number>\d+) \* SweepBook\.MostCells;",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Books();
}
