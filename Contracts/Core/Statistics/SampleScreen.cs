using Layerbench.Core.Results;

namespace Layerbench.Core.Statistics;

/// <summary>Samples that are no times: a clock that stood still or went back, an iteration count of 0.</summary>
public static class SampleScreen
{
    /// <summary>The sample as it is, or not accepted with the reason. One that was not accepted before keeps its reason.</summary>
    public static Sample Screen(Sample sample) =>
        !sample.Accepted || WhyNot(sample) is not { } reason
            ? sample
            : sample with
            {
                Accepted = false,
                Reason = reason,
            };

    private static string? WhyNot(Sample sample) =>
        sample.Iterations <= 0 ? $"{sample.Iterations} iterations are no sample"
        : (sample.DeviceNanoseconds ?? sample.WallNanoseconds) <= 0
            ? $"{sample.DeviceNanoseconds ?? sample.WallNanoseconds} ns is no positive time"
        : null;
}
