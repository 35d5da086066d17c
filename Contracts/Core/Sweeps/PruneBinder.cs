using System.Globalization;

namespace Layerbench.Core.Sweeps;

/// <summary><c>measure.prune</c>.</summary>
internal sealed class PruneBinder(SpecErrors errors)
{
    public const int MostRungs = 10;
    public const double LeastKept = 0.01;
    public const double MostKept = 0.9;

    public PruneSpec? Read(SpecMap measure)
    {
        if (
            measure.Find("prune") is not { } node
            || SpecMap.Read(node, measure.PathOf("prune"), SweepKeys.Prune, errors) is not { } map
        )
        {
            return null;
        }

        var spec = new PruneSpec();
        return new()
        {
            Rungs = map.Find("rungs") is { } rungs ? Rungs(map, rungs) ?? spec.Rungs : spec.Rungs,
            Keep = map.Find("keep") is { } keep ? Kept(map, keep) ?? spec.Keep : spec.Keep,
        };
    }

    private int? Rungs(SpecMap map, SpecNode node)
    {
        var value = SpecText.Integer(node, 1, MostRungs, out var problem);
        if (value is null)
        {
            errors.Add(map.PathOf("rungs"), problem, node.Mark);
        }

        return (int?)value;
    }

    private double? Kept(SpecMap map, SpecNode node)
    {
        var value = Fraction(node) is { } fraction and >= LeastKept and <= MostKept
            ? fraction
            : SpecText.Share(node, LeastKept, MostKept, out _);
        if (value is null)
        {
            errors.Add(
                map.PathOf("keep"),
                $"{SpecText.Describe(node)} is not a share from 1% to 90%; write it like 1/3, 50% or 0.5",
                node.Mark
            );
        }

        return value;
    }

    private static double? Fraction(SpecNode node) =>
        node is SpecNode.Scalar scalar
        && scalar.Text.Split('/') is [var above, var below]
        && int.TryParse(above, NumberStyles.None, CultureInfo.InvariantCulture, out var numerator)
        && int.TryParse(below, NumberStyles.None, CultureInfo.InvariantCulture, out var denominator)
        && denominator > 0
            ? (double)numerator / denominator
            : null;
}
