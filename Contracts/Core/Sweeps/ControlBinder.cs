namespace Layerbench.Core.Sweeps;

/// <summary><c>controls</c>: how many cells measure the measurement itself.</summary>
internal static class ControlBinder
{
    public const double LargestShare = 0.5;
    public const double LeastEffect = 0.001;

    public static ControlSpec Read(SpecMap root, SpecErrors errors)
    {
        var spec = new ControlSpec();
        if (
            root.Find("controls") is not { } node
            || SpecMap.Read(node, root.PathOf("controls"), SweepKeys.Controls, errors) is not { } map
        )
        {
            return spec;
        }

        return new()
        {
            Same = Share(map, "same", 0, LargestShare, errors) ?? spec.Same,
            Slower = Share(map, "slower", 0, LargestShare, errors) ?? spec.Slower,
            Effect = Share(map, "effect", LeastEffect, 1, errors) ?? spec.Effect,
        };
    }

    private static double? Share(SpecMap map, string key, double least, double most, SpecErrors errors)
    {
        if (map.Find(key) is not { } node)
        {
            return null;
        }

        var value = SpecText.Share(node, least, most, out var problem);
        if (value is null)
        {
            errors.Add(map.PathOf(key), problem, node.Mark);
        }

        return value;
    }
}
