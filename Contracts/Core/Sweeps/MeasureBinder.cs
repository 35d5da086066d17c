using Layerbench.Core.Statistics;

namespace Layerbench.Core.Sweeps;

/// <summary><c>measure</c>: counts, target, times.</summary>
internal sealed class MeasureBinder(SpecErrors errors)
{
    private static readonly TimeSpan Zero = TimeSpan.Zero;
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly TimeSpan Month = TimeSpan.FromHours(720);

    public MeasureSpec Read(SpecMap root)
    {
        var spec = new MeasureSpec();
        var node = root.Find("measure");
        var path = root.PathOf("measure");
        if (node is null || SpecMap.Read(node, path, SweepKeys.Measure, errors) is not { } map)
        {
            return spec;
        }

        var warmUp = map.Find("warm_up") is { } w
            ? SpecMap.Read(w, map.PathOf("warm_up"), SweepKeys.WarmUp, errors)
            : null;
        spec = spec with
        {
            Launches = Launches(map),
            MaximumLaunches = Integer(map, "max_launches", Looks.At[0], Looks.At[^1]) ?? spec.MaximumLaunches,
            Blocks = Integer(map, "blocks", 1, 10_000) ?? spec.Blocks,
            MemoryLaunches = Integer(map, "memory_launches", 0, 100) ?? spec.MemoryLaunches,
            TargetHalfWidth = Share(map, "target") ?? spec.TargetHalfWidth,
            MinimumSample = Duration(map, "minimum_sample", Microsecond, Minute) ?? spec.MinimumSample,
            WarmUpMinimum = Duration(warmUp, "minimum", Zero, Hour) ?? spec.WarmUpMinimum,
            WarmUpMaximum = Duration(warmUp, "maximum", Zero, Hour) ?? spec.WarmUpMaximum,
            CellTimeout = Duration(map, "cell_timeout", Second, Day * 7) ?? spec.CellTimeout,
            Canaries = Truth(map, "canaries") ?? spec.Canaries,
            SweepBudget = Duration(map, "budget", Second, Month),
            CellBudget = Duration(map, "cell_budget", Millisecond, Month),
            Prune = new PruneBinder(errors).Read(map),
        };
        if (spec.Launches is not null && map.Find("max_launches") is { } unused)
        {
            errors.Add(
                map.PathOf("max_launches"),
                $"bounds launches: auto, and launches is {spec.Launches}; leave out one of them",
                unused.Mark
            );
        }

        if (spec.WarmUpMinimum > spec.WarmUpMaximum)
        {
            errors.Add(
                warmUp!.Path,
                $"the minimum {SpecText.Show(spec.WarmUpMinimum)} is above the maximum {SpecText.Show(spec.WarmUpMaximum)}; "
                    + "raise the one or lower the other",
                warmUp.Mark
            );
        }

        return spec;
    }

    private bool? Truth(SpecMap map, string key)
    {
        if (map.Find(key) is not { } node)
        {
            return null;
        }

        if (SpecText.Value(node, out _) is { IsTruth: true } value)
        {
            return value.Truth;
        }

        errors.Add(map.PathOf(key), $"{SpecText.Describe(node)} is neither; give true or false", node.Mark);
        return null;
    }

    /// <summary>Null stands for <c>auto</c>.</summary>
    private int? Launches(SpecMap map)
    {
        if (map.Find("launches") is not { } node || node is SpecNode.Scalar { Text: "auto" })
        {
            return null;
        }

        var value = SpecText.Integer(node, 1, 1000, out var problem);
        if (value is null)
        {
            errors.Add(map.PathOf("launches"), $"{problem}, or 'auto'", node.Mark);
        }

        return (int?)value;
    }

    private int? Integer(SpecMap map, string key, int least, int most)
    {
        if (map.Find(key) is not { } node)
        {
            return null;
        }

        var value = SpecText.Integer(node, least, most, out var problem);
        if (value is null)
        {
            errors.Add(map.PathOf(key), problem, node.Mark);
        }

        return (int?)value;
    }

    private double? Share(SpecMap map, string key)
    {
        if (map.Find(key) is not { } node)
        {
            return null;
        }

        var value = SpecText.Share(node, 0.0001, 0.5, out var problem);
        if (value is null)
        {
            errors.Add(map.PathOf(key), problem, node.Mark);
        }

        return value;
    }

    private TimeSpan? Duration(SpecMap? map, string key, TimeSpan least, TimeSpan most)
    {
        if (map?.Find(key) is not { } node)
        {
            return null;
        }

        var value = SpecText.Duration(node, least, most, out var problem);
        if (value is null)
        {
            errors.Add(map.PathOf(key), problem, node.Mark);
        }

        return value;
    }
}
