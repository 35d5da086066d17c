using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

public class ExecutionOrderTests
{
    [Fact]
    public void EveryWindowHoldsAFairSampleOfEveryAxis()
    {
        // A grid whose fastest axis has 2 values and whose slowest has 10: a stride would alias with one of them.
        const long size = 1_000_000;
        var order = new ExecutionOrder(size, 1, 3);
        order.WindowSize.ShouldBe(8192);
        for (long window = 0; window < order.Windows - 1; window++)
        {
            var (odd, firstTenth) = (0, 0);
            for (long p = window * order.WindowSize; p < (window + 1) * order.WindowSize; p++)
            {
                var index = order.IndexAt(p);
                odd += (int)(index % 2);
                firstTenth += index < size / 10 ? 1 : 0;
            }

            // Six standard deviations of a binomial of 8192 at 0.5 (271) and at 0.1 (163).
            odd.ShouldBeInRange(4096 - 271, 4096 + 271);
            firstTenth.ShouldBeInRange(819 - 163, 819 + 163);
        }
    }

    [Fact]
    public void SmallPlansAreOneWindowInIndexOrder()
    {
        var order = new ExecutionOrder(ExecutionOrder.ExactLimit, 64, 3);
        order.Windows.ShouldBe(1);
        order.IndexAt(12_345).ShouldBe(12_345);
        order.PositionOf(12_345).ShouldBe(12_345);
    }

    [Fact]
    public void TheFirstLeaseOfTenMillionCellsLooksAtOneWindow()
    {
        var source = new TestSource(10_000_000) { Flops = i => i % 1000 };
        var before = GC.GetAllocatedBytesForCurrentThread();

        var state = new SweepState(source, TestSource.Options, []);
        var answer = state.Lease(TestSource.Device(0), DateTimeOffset.UnixEpoch);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        answer.ShouldBeOfType<LeaseAnswer.Granted>().Slice.Cells.Count.ShouldBe(16);
        // 8,192 cells of the window, and those of the slice once more.
        source.Looks.ShouldBe(8192 + 16);
        // Everything ever allocated, most of it the test's own points; a list of 10⁷ of anything is 80 MB.
        allocated.ShouldBeLessThan(16L << 20);
    }

    [Fact]
    public void TenMillionFinishedCellsTakeAboutOneBitEach()
    {
        const long size = 10_000_000;
        var source = new TestSource(size);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var state = new SweepState(source, TestSource.Options, AllBut(size, 4_999_999));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4L << 20);
        state.Progress.Finished.ShouldBe(size - 1);
        var answer = state.Lease(TestSource.Device(0), DateTimeOffset.UnixEpoch);
        answer.ShouldBeOfType<LeaseAnswer.Granted>().Slice.Cells.Single().Index.ShouldBe(4_999_999);
        source.Looks.ShouldBe(2);
    }

    [Fact]
    public void APlanOfManyWindowsIsRunWholeAndOnce()
    {
        var source = new TestSource(70_000) { Excluded = i => i % 7 == 0, Flops = i => i % 100 };
        var state = new SweepState(source, TestSource.Options with { Devices = 4 }, AllBut(70_000, 12, 13, 14, 69_999));

        var device = TestSource.Device(0);
        List<long> run = [];
        while (state.Lease(device, DateTimeOffset.UnixEpoch) is LeaseAnswer.Granted granted)
        {
            run.AddRange(granted.Slice.Cells.Select(c => c.Index));
            state.Tell(
                granted.Slice.Token,
                [.. granted.Slice.Cells.Select(c => new CellTold.Ended(c.Index, new Results.Outcome.Completed()))],
                DateTimeOffset.UnixEpoch
            );
        }

        // 14 is excluded; so is 69,993 but not 69,999.
        run.Order().ShouldBe([12, 13, 69_999]);
    }

    private static IEnumerable<long> AllBut(long size, params long[] open)
    {
        for (long i = 0; i < size; i++)
        {
            if (!open.Contains(i))
            {
                yield return i;
            }
        }
    }
}
