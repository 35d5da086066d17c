using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Engine.Tests.Launches;

/// <summary>A slice whose cells need different numbers of launches.</summary>
public sealed class LooksTests
{
    [Fact]
    public async Task EachCellEndsAtItsOwnLookAndTheRestGoOn()
    {
        await using var bench = new Bench();
        bench.Measure = Cells.Measure with { Launches = null, MaximumLaunches = 12, MemoryLaunches = 1 };
        // What the fake worker measures does not matter: the second cell's intervals are made wide.
        bench.Estimate = (cell, launches) => Wide(cell.Index == 2 ? 0.1 : 0.001, launches);

        await bench.RunAsync(Cells.Fake(1), Cells.Fake(2));

        (await bench.LaunchNumbersAsync(Cells.Fake(1))).Count(l => l.Item1 == LaunchKind.Time).ShouldBe(6);
        (await bench.LaunchNumbersAsync(Cells.Fake(2))).Count(l => l.Item1 == LaunchKind.Time).ShouldBe(12);
        (await bench.LaunchNumbersAsync(Cells.Fake(2))).Count(l => l.Item1 == LaunchKind.Memory).ShouldBe(1);
        (await bench.OutcomesAsync()).ShouldBe([
            new Outcome.Completed(),
            new Outcome.Unconverged("half-width 10% after 12 launches; target 1%"),
        ]);
    }

    private static CellEstimate Wide(double half, IReadOnlyList<LaunchRecord> launches)
    {
        var n = launches.Count(l => l.Kind == LaunchKind.Time);
        var interval = new Interval(1, 1 - half, 1 + half, n);
        return new([new("a", interval, null, null, 1), new("b", interval, interval, null, 1)], n, 0, Steady: true);
    }
}
