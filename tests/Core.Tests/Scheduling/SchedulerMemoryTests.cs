using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

/// <summary>The whole process's memory is looked at, so no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(SchedulerMemoryTests), DisableParallelization = true)]
[Collection(nameof(SchedulerMemoryTests))]
public sealed class SchedulerMemoryTests
{
    [Fact]
    public void MemoryFollowsCellsInFlightNotCellsFinished()
    {
        var source = new TestSource(300_000) { Flops = i => i % 1000 };
        var state = new SweepState(source, TestSource.Options, []);
        var device = TestSource.Device(0);
        Run(20_000);
        var early = GC.GetTotalMemory(forceFullCollection: true);

        Run(200_000);

        var late = GC.GetTotalMemory(forceFullCollection: true);
        state.Progress.Finished.ShouldBeGreaterThan(219_999);
        // One bit per finished cell would be 25 KB, one entry of a dictionary each over 4 MB.
        (late - early).ShouldBeLessThan(2L << 20);
        GC.KeepAlive(state);

        void Run(int cells)
        {
            for (var done = 0; done < cells; )
            {
                var slice = ((LeaseAnswer.Granted)state.Lease(device, DateTimeOffset.UnixEpoch)).Slice;
                var told = slice.Cells.Select(c => new CellTold.Ended(c.Index, new Results.Outcome.Completed()));
                state.Tell(slice.Token, [.. told], DateTimeOffset.UnixEpoch);
                done += slice.Cells.Count;
            }
        }
    }
}
