using Layerbench.Core.Results;

namespace Layerbench.Core.Analysis;

/// <summary>Blocks set aside on outside evidence, each once, by what spoke against it.</summary>
/// <param name="Preempted">Something else was given the CPU.</param>
/// <param name="Pressure">Something waited for a CPU most of the time.</param>
/// <param name="Gpu">The GPU said that it was slowed down, or its clock had fallen.</param>
public readonly record struct SetAside(long Preempted, long Pressure, long Gpu)
{
    public long All => Preempted + Pressure + Gpu;

    public static SetAside operator +(SetAside one, SetAside other) =>
        new(one.Preempted + other.Preempted, one.Pressure + other.Pressure, one.Gpu + other.Gpu);

    /// <param name="all">The launch with nothing set aside on outside evidence.</param>
    /// <param name="kept">The same, as it is judged.</param>
    internal static SetAside Of(LaunchRecord all, LaunchRecord kept)
    {
        var unusable = Refused(all).Select(s => s.Block).ToHashSet();
        var sum = default(SetAside);
        foreach (var sample in Refused(kept).Where(s => !unusable.Contains(s.Block)).DistinctBy(s => s.Block))
        {
            sum += sample.Reason switch
            {
                Exclusions.Preempted => new SetAside(1, 0, 0),
                Exclusions.CpuPressure => new SetAside(0, 1, 0),
                _ => new SetAside(0, 0, 1),
            };
        }

        return sum;
    }

    private static IEnumerable<Sample> Refused(LaunchRecord launch) => launch.Samples.Where(s => !s.Accepted);
}
