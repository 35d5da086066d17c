using System.Diagnostics;
using Layerbench.Worker.Devices;
using Layerbench.Worker.Gate;
using Layerbench.Worker.Passes;

namespace Layerbench.Worker.Measuring;

/// <param name="SideNanoseconds">Of the wall time, what went by from the last iteration on: the side work, where it is synchronous.</param>
/// <param name="DeviceNanoseconds">By the device's own clock; −1 where it has none.</param>
/// <param name="StartNanoseconds">When it began, of the machine's monotonic clock.</param>
internal readonly record struct Sample(
    long WallNanoseconds,
    long SideNanoseconds,
    long DeviceNanoseconds,
    CounterReading Counters,
    long StartNanoseconds
);

/// <summary>Times a number of iterations of a workload: counters, clock, iterations, synchronise, clock, counters.</summary>
/// <param name="side">What a control's sample runs beside its iterations.</param>
internal sealed class SampleTimer(ComputeDevice device, Counters counters, SideWork side)
{
    /// <param name="sideRepetitions">Of the side work, inside the same timed section.</param>
    /// <exception cref="VariantException">The workload failed.</exception>
    public Sample Time(GatedVariant variant, long iterations, long sideRepetitions = 0) =>
        VariantException.Blame(variant.Label, () => Run(variant.Workload, iterations, sideRepetitions));

    private Sample Run(Workload? workload, long iterations, long sideRepetitions)
    {
        workload?.BeforeSample();
        // Whatever an iteration forgets is freed here and not by the finaliser thread.
        using var scope = torch.NewDisposeScope();
        device.Synchronise();
        var before = counters.Read();
        var start = Stopwatch.GetTimestamp();
        device.MarkStart();
        workload?.Run(iterations);
        var middle = Stopwatch.GetTimestamp();
        side.Run(sideRepetitions);
        device.MarkEnd();
        device.Synchronise();
        var end = Stopwatch.GetTimestamp();
        var after = counters.Read();
        workload?.AfterSample();
        return new(
            Nanoseconds(end - start),
            Nanoseconds(end - middle),
            device.MarkedNanoseconds(),
            after.Since(before),
            Nanoseconds(start)
        );
    }

    /// <summary>The side work alone, timed in the same way.</summary>
    public Sample TimeSide(long repetitions) => Run(null, 0, repetitions);

    public static long Nanoseconds(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));
}
