using Layerbench.Core.Results;

namespace Layerbench.Core.Analysis;

/// <summary>
/// One variant in one launch as IPython's <c>%timeit</c> sums it up: mean and population standard deviation over the
/// timed runs, by the wall clock. It is no interval: runs of one process say nothing of the next process.
/// </summary>
/// <param name="Launch">The launch's number, from 0.</param>
/// <param name="Launches">Launches that timed the variant.</param>
/// <param name="MeanSeconds">Of one loop.</param>
/// <param name="DeviationSeconds">Of one loop, with the number of runs as the divisor.</param>
/// <param name="Runs">Samples.</param>
/// <param name="Loops">Iterations of a sample; the most where samples differ.</param>
public sealed record LoopTimes(
    string Label,
    int Launch,
    int Launches,
    double MeanSeconds,
    double DeviationSeconds,
    int Runs,
    long Loops
)
{
    /// <summary>Up to so many launches are told one by one.</summary>
    public const int FewLaunches = 3;

    /// <summary>
    /// For each variant every launch, or where there are more than <see cref="FewLaunches"/> the median one. All runs
    /// count, as with <c>%timeit</c>, those set aside by our rule included; what is no time is left out.
    /// </summary>
    /// <param name="labels">The cell's variants, in its order.</param>
    /// <param name="launches">Those that are not superseded, of all kinds, in any order.</param>
    public static IReadOnlyList<LoopTimes> Of(IReadOnlyList<string> labels, IReadOnlyList<LaunchRecord> launches) =>
        [
            .. labels.SelectMany(
                (label, variant) =>
                {
                    var all = All(label, variant, launches);
                    return all.Count <= FewLaunches ? all : [Middle(all)];
                }
            ),
        ];

    /// <summary>The median launch: that whose mean is the middle one, the lower of two; null where the variant was not timed.</summary>
    /// <param name="variant">Its place in the cell's list of variants.</param>
    /// <param name="launches">As in <see cref="Of(IReadOnlyList{string}, IReadOnlyList{LaunchRecord})"/>.</param>
    public static LoopTimes? Median(string label, int variant, IReadOnlyList<LaunchRecord> launches) =>
        All(label, variant, launches) is { Count: > 0 } all ? Middle(all) : null;

    private static LoopTimes Middle(IReadOnlyList<LoopTimes> all) =>
        all.OrderBy(t => t.MeanSeconds).ElementAt((all.Count - 1) / 2);

    private static IReadOnlyList<LoopTimes> All(string label, int variant, IReadOnlyList<LaunchRecord> launches)
    {
        var timed = launches.Where(l => l.Kind == LaunchKind.Time).OrderBy(l => l.Number);
        var all = timed.Select(l => Of(label, variant, l)).OfType<LoopTimes>().ToList();
        return all.ConvertAll(t => t with { Launches = all.Count });
    }

    private static LoopTimes? Of(string label, int variant, LaunchRecord launch)
    {
        Sample[] samples =
        [
            .. launch.Samples.Where(s => s.Variant == variant && s.Iterations > 0 && s.WallNanoseconds > 0),
        ];
        if (samples.Length == 0)
        {
            return null;
        }

        double[] seconds = [.. samples.Select(s => s.WallNanoseconds / 1e9 / s.Iterations)];
        var mean = seconds.Average();
        return new(
            label,
            launch.Number,
            1,
            mean,
            Math.Sqrt(seconds.Average(s => (s - mean) * (s - mean))),
            seconds.Length,
            samples.Max(s => s.Iterations)
        );
    }
}
