using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

/// <summary>
/// Simulated sweeps on 64 devices: expected times of a grid (a product over four axes, spread over three decades), true
/// times with lognormal noise of σ = 0.3 around them. Makespan ÷ lower bound, the greater of work ÷ devices and the
/// longest cell.
/// </summary>
public class MakespanTests(ITestOutputHelper output)
{
    private const int Devices = 64;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(4_096)] // one window: exactly longest first
    [InlineData(40_000)] // five windows
    public void TheOrderIsAsGoodAsSortingEverythingAndBetterThanTheGrids(int cells)
    {
        var expected = Enumerable.Range(0, cells).Select(i => Expected(i, cells)).ToArray();
        var actual = expected
            .Select((e, i) => e * Math.Exp(0.3 * SeededRandom.For(5, "noise", i).NextNormal()))
            .ToArray();
        var bound = Math.Max(actual.Sum() / Devices, actual.Max());

        var grid = ListSchedule(Enumerable.Range(0, cells), actual) / bound;
        var sorted = Enumerable.Range(0, cells).OrderByDescending(i => expected[i]).ThenBy(i => i);
        var exact = ListSchedule(sorted, actual) / bound;
        var ours = Schedule(expected, actual) / bound;
        output.WriteLine($"{cells} cells: grid order {grid:F4}, exact LPT {exact:F4}, slices by SweepState {ours:F4}");

        exact.ShouldBeLessThan(1.006);
        ours.ShouldBeLessThan(1.006);
        grid.ShouldBeGreaterThan(ours);
    }

    /// <summary>Mixed radix, the first axis slowest and ascending, as a grid is written: the longest cells come last.</summary>
    private static double Expected(int index, int cells)
    {
        var batch = (double)index * 8 / cells;
        var width = index / 16 % 8;
        var length = index / 4 % 4;
        var kind = index % 4;
        return 0.05 * Math.Pow(2, Math.Floor(batch)) * Math.Pow(1.5, width) * (1 + length) * (1 + 0.1 * kind);
    }

    private static double ListSchedule(IEnumerable<int> order, double[] seconds)
    {
        var free = new PriorityQueue<int, double>(Enumerable.Range(0, Devices).Select(d => (d, 0.0)));
        var end = 0.0;
        foreach (var cell in order)
        {
            free.TryDequeue(out var device, out var at);
            free.Enqueue(device, at + seconds[cell]);
            end = Math.Max(end, at + seconds[cell]);
        }

        return end;
    }

    private static double Schedule(double[] expected, double[] actual)
    {
        var source = new TestSource(expected.Length) { Flops = i => expected[i] };
        var options = TestSource.Options with { Devices = Devices, LeaseDuration = TimeSpan.FromDays(1000) };
        var state = new SweepState(source, options, []);
        var free = new PriorityQueue<(int Device, Slice? Held), double>(
            Enumerable.Range(0, Devices).Select(d => ((d, (Slice?)null), 0.0))
        );
        var end = 0.0;
        while (free.TryDequeue(out var next, out var at))
        {
            if (next.Held is { } held)
            {
                end = Math.Max(end, at);
                CellTold[] told = [.. held.Cells.Select(c => new CellTold.Ended(c.Index, new Outcome.Completed()))];
                state.Tell(held.Token, told, Start).ShouldBeOfType<TellAnswer.Accepted>();
            }

            if (state.Lease(TestSource.Device(next.Device), Start) is LeaseAnswer.Granted { Slice: var slice })
            {
                free.Enqueue((next.Device, slice), at + slice.Cells.Sum(c => actual[c.Index]));
            }
        }

        state.Progress.Finished.ShouldBe(expected.Length);
        return end;
    }
}
