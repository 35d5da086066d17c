using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Tests.Scheduling;

/// <summary>Slices of a fleet that changes: a device that comes finds work, and workers' starts are paid for.</summary>
public class JoiningDeviceTests
{
    private const double Start = 2;

    private static readonly DateTimeOffset now = DateTimeOffset.UnixEpoch;

    private static readonly SchedulingOptions cluster = TestSource.Options with
    {
        FleetChanges = true,
        LeaseDuration = TimeSpan.FromDays(1000),
        MaximumLaunch = TimeSpan.FromSeconds(60),
        WorkerStart = TimeSpan.FromSeconds(Start),
    };

    [Fact]
    public void OneDeviceAloneLeavesAShareForAnother()
    {
        // Of 16 cells of 10 s an eighth at first; it takes them 8 s and more, four times its worker's start.
        Sizes(cluster, cells: 16, seconds: 10).ShouldBe([2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        // Of 16 of half a second half: more slices would mostly start workers. What is as short as a start is one slice.
        Sizes(cluster, cells: 16, seconds: 0.5).ShouldBe([8, 4, 4]);
        Sizes(cluster, cells: 16, seconds: 0.1).ShouldBe([16]);
        // Where nobody else can come, all of them at once.
        Sizes(cluster with { FleetChanges = false }, cells: 16, seconds: 0.5).ShouldBe([16]);
        Sizes(cluster, cells: 16, seconds: 0.5, most: 1).ShouldBe([16]);
    }

    [Fact]
    public void DevicesThatAreExpectedBackHaveTheirShareLeft()
    {
        var state = new SweepState(new TestSource(320) { Flops = _ => 100 }, cluster, []);
        state.SeeFleet(new FleetSize(1, 1 << 30, 0));
        // 320 ÷ (4 × 2), but a launch is to take a minute at most.
        Granted(state, 0).Cells.Count.ShouldBe(1);

        var quick = new SweepState(new TestSource(320) { Flops = _ => 5 }, cluster, []);
        quick.SeeFleet(new FleetSize(1, 1 << 30, 0) { Missing = 9 });
        // 1,600 s ÷ (4 × 10) are 40 s.
        Granted(quick, 0).Cells.Count.ShouldBe(8);
        quick.MaximumDevices = 5;
        // 1,560 s ÷ (4 × 5) are more than the minute.
        Granted(quick, 0).Cells.Count.ShouldBe(12);
    }

    [Fact]
    public void SlicesOfSeveralDevicesAreWorthTheirWorkersStartAndEachGetsOne()
    {
        var state = new SweepState(new TestSource(24) { Flops = _ => 0.5 }, cluster with { Devices = 3 }, []);

        // 12 s: a twelfth would be half as long as a start; a sixth is as long. Of the rest no device has more than its share.
        Granted(state, 0).Cells.Count.ShouldBe(4);
        Granted(state, 1).Cells.Count.ShouldBe(4);
        Granted(state, 2).Cells.Count.ShouldBe(4);
    }

    /// <summary>
    /// One device, and a second that comes at each tenth of the time: as long as there are cells that have not begun it
    /// waits for none, and it does not wait longer for the end than the slice in flight may take.
    /// </summary>
    [Theory]
    [InlineData(16, 10.0)]
    [InlineData(16, 0.5)]
    [InlineData(200, 0.5)]
    [InlineData(60, 3.0)]
    public void ADeviceThatComesDoesNotWaitForTheEndOfTheSweep(int cells, double seconds)
    {
        var alone = Run(cluster, cells, seconds, joins: double.PositiveInfinity).End;
        for (var tenth = 1; tenth < 10; tenth++)
        {
            var joins = alone * tenth / 10;
            var (end, idle) = Run(cluster, cells, seconds, joins);

            // Half of what is left at most, but a slice as long as a start: and the start itself.
            var left = alone - joins;
            idle.ShouldBeLessThanOrEqualTo(Math.Max(left / 2, Math.Max(2 * Start, Start + seconds)) + 1e-9);
            // Its workers' starts are not more than it brings, but for the last.
            end.ShouldBeLessThanOrEqualTo(alone + Start);
        }

        // Starts are a fifth of the time, but for the few slices at the end.
        var work = cells * seconds;
        var single = cells * (seconds + Start);
        alone.ShouldBeLessThanOrEqualTo(Math.Min(single, 1.25 * work + 3 * Start));
    }

    private static List<int> Sizes(SchedulingOptions options, int cells, double seconds, int? most = null)
    {
        var state = new SweepState(new TestSource(cells) { Flops = _ => seconds }, options, [])
        {
            MaximumDevices = most,
        };
        var sizes = new List<int>();
        while (state.Lease(TestSource.Device(0), now) is LeaseAnswer.Granted { Slice: var slice })
        {
            sizes.Add(slice.Cells.Count);
            Tell(state, slice);
        }

        return sizes;
    }

    /// <summary>When the sweep has ended, and how long the second device had nothing to do until then. One launch each.</summary>
    private static (double End, double Idle) Run(SchedulingOptions options, int cells, double seconds, double joins)
    {
        var state = new SweepState(new TestSource(cells) { Flops = _ => seconds }, options, []);
        var held = new Slice?[2];
        double[] at = [0, joins];
        var (end, idle) = (0.0, 0.0);
        while (true)
        {
            var device = at[0] <= at[1] ? 0 : 1;
            if (double.IsPositiveInfinity(at[device]))
            {
                return (end, idle);
            }

            if (held[device] is { } done)
            {
                Tell(state, done);
                end = Math.Max(end, at[device]);
            }

            if (at[device] >= joins)
            {
                state.SeeFleet(new FleetSize(2, 1 << 30, 1 << 30));
            }

            held[device] = state.Lease(TestSource.Device(device), now) is LeaseAnswer.Granted granted
                ? granted.Slice
                : null;
            if (held[device] is { } slice)
            {
                at[device] += Start + slice.Cells.Count * seconds;
            }
            else
            {
                // Nothing comes back here, so it has nothing to do any more.
                idle += device == 1 && held[0] is not null ? at[0] - at[1] : 0;
                at[device] = double.PositiveInfinity;
            }
        }
    }

    private static void Tell(SweepState state, Slice slice) =>
        state
            .Tell(slice.Token, [.. slice.Cells.Select(c => new CellTold.Ended(c.Index, new Outcome.Completed()))], now)
            .ShouldBeOfType<TellAnswer.Accepted>();

    private static Slice Granted(SweepState state, int device) =>
        state.Lease(TestSource.Device(device), now).ShouldBeOfType<LeaseAnswer.Granted>().Slice;
}
