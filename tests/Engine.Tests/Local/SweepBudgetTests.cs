using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Tests.Launches;

namespace Layerbench.Engine.Tests.Local;

/// <summary>Whole runs with a budget, over a real store, on one simulated device.</summary>
public sealed class SweepBudgetTests : IAsyncDisposable
{
    private const int Cheap = 0;
    private const int Far = 1;
    private const int Near = 2;

    private readonly LocalBench bench = new();

    public SweepBudgetTests()
    {
        bench.Devices = DeviceSelection.Resolve(["simulated:1"], []).Devices;
        bench.Measure = new MeasureSpec
        {
            Blocks = 4,
            MaximumLaunches = 12,
            MemoryLaunches = 0,
            TargetHalfWidth = 0.0001,
            SweepBudget = TimeSpan.FromHours(10),
        };
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    // Nothing in doubt, in doubt by far, and nearly decided; all too wide for the target.
    private static List<Cell> Three() => [Made(Cheap, 150, 0.001), Made(Far, 100, 0.5), Made(Near, 100, 0.02)];

    private static Cell Made(int index, double second, double noise)
    {
        var cell = Cells.Simulated(index, ("launch_noise", AxisValue.Of(noise)), ("cost_us", AxisValue.Of(100.0)));
        var other = cell.Variants[1];
        return cell with
        {
            Variants =
            [
                cell.Variants[0],
                other with
                {
                    Parameters = new Dictionary<string, AxisValue>(other.Parameters, StringComparer.Ordinal)
                    {
                        ["cost_us"] = AxisValue.Of(second),
                    },
                },
            ],
        };
    }

    [Fact]
    public async Task EveryCellHasItsFirstLookBeforeAnyHasMoreAndADifferenceEndsNone()
    {
        var summary = await bench.RunAsync(Three());

        summary.End.ShouldBe(RunEnd.Finished);
        var launches = bench.Events.OfType<EngineEvent.CellStarted>().Select(e => (e.Cell.Index, e.Launch)).ToList();
        launches.Take(18).ShouldAllBe(l => l.Launch < 6);
        launches.Skip(18).Select(l => l.Launch).ShouldBe(Enumerable.Range(6, 6).SelectMany(n => new[] { n, n, n }));
        launches.Count.ShouldBe(36, "the cell whose difference is beyond doubt has all its launches too");
        (await bench.ResultsAsync()).ShouldAllBe(r => r.Outcome is Outcome.Unconverged);
    }

    [Fact]
    public async Task WhatIsLeftOfABudgetGoesToTheCellsThatAreNearestToAVerdict()
    {
        // Six cells that nearly have a verdict, six beyond doubt: four share launches, so the first slices show the order.
        List<Cell> cells =
        [
            .. Enumerable.Range(0, 12).Select(i => Made(i, i % 2 == 0 ? 150 : 100, i % 2 == 0 ? 0.001 : 0.05)),
        ];

        await bench.RunAsync(cells);

        var second = bench.Events.OfType<EngineEvent.CellStarted>().Where(e => e.Launch == 6).ToList();
        second.Count.ShouldBe(12);
        second.Take(4).ShouldAllBe(e => e.Cell.Index % 2 == 1);
        second.Skip(8).ShouldAllBe(e => e.Cell.Index % 2 == 0);
    }

    [Fact]
    public async Task ASpentBudgetEndsBegunCellsAsUnconvergedAndALargerOneGoesOn()
    {
        bench.Measure = bench.Measure with { SweepBudget = TimeSpan.FromSeconds(5) };
        var spent = await bench.RunAsync(Three());

        spent.End.ShouldBe(RunEnd.BudgetSpent);
        spent.Outcomes["unconverged"].ShouldBe(3);
        var before = (await bench.LaunchesAsync(Three()[Near])).Count;
        before.ShouldBeInRange(1, 11);
        (await bench.ResultsAsync())[Near]
            .Outcome.ShouldBe(
                new Outcome.Unconverged(
                    $"the sweep's budget of 5s spent after {before} {(before == 1 ? "launch" : "launches")}"
                )
            );

        bench.Measure = bench.Measure with { SweepBudget = TimeSpan.FromHours(1) };
        var more = await bench.RunAsync(Three());

        more.End.ShouldBe(RunEnd.Finished);
        (await bench.LaunchesAsync(Three()[Near])).Select(l => l.Number).ShouldBe(Enumerable.Range(0, 12));
        (await bench.ResultsAsync())[Near].Outcome.Explanation!.ShouldStartWith("half-width ");
        await bench.RunAsync(Three());
        (await bench.LaunchesAsync(Three()[Near])).Count.ShouldBe(12, "what has had its last look is not opened again");
    }
}
