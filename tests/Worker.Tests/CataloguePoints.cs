using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Sweeps;

namespace Layerbench.Worker.Tests;

/// <summary>
/// Small points of a variant's axes, made from what the catalogue says of them, so that tests over "every variant" need
/// no list: a variant or an axis that is added later is covered.
/// </summary>
internal static class CataloguePoints
{
    private static readonly Dictionary<string, AxisValue> Given = new(StringComparer.Ordinal)
    {
        ["batch"] = AxisValue.Of(3),
        ["seq_len"] = AxisValue.Of(8),
        ["d_model"] = AxisValue.Of(16),
        ["samples"] = AxisValue.Of(7),
    };

    /// <summary>
    /// The defaults; then each truth and each text at its other values, and an odd seq_len. Points that break a constraint
    /// are left out.
    /// </summary>
    public static IEnumerable<IReadOnlyDictionary<string, AxisValue>> Of(VariantInfo variant, PassInfo pass) =>
        All(variant, pass)
            .Where(point => variant.Constraints.All(c => Expression.Parse(c.Expression).Truth(name => point[name])));

    private static IEnumerable<IReadOnlyDictionary<string, AxisValue>> All(VariantInfo variant, PassInfo pass)
    {
        var axes = variant.Axes.Concat(pass.Axes).ToList();
        yield return At(axes, []);
        foreach (var axis in variant.Axes)
        {
            foreach (var value in Others(axis))
            {
                var chosen = new Dictionary<string, AxisValue>(StringComparer.Ordinal) { [axis.Name] = value };
                if (axis.Name.StartsWith("other_", StringComparison.Ordinal))
                {
                    // A hybrid has another mixer in its second block.
                    chosen.TryAdd("depth", AxisValue.Of(2));
                    chosen.TryAdd("other_every", AxisValue.Of(2));
                }

                yield return At(axes, chosen);
            }
        }

        if (variant.Axes.Any(a => a.Name == "seq_len"))
        {
            yield return At(axes, new(StringComparer.Ordinal) { ["seq_len"] = AxisValue.Of(7) });
        }
    }

    /// <param name="chosen">In place of the small or the default values.</param>
    public static IReadOnlyDictionary<string, AxisValue> At(
        IEnumerable<AxisInfo> axes,
        Dictionary<string, AxisValue> chosen
    )
    {
        var values = new Dictionary<string, AxisValue>(StringComparer.Ordinal);
        foreach (var axis in axes)
        {
            values[axis.Name] =
                chosen.TryGetValue(axis.Name, out var value) || Given.TryGetValue(axis.Name, out value)
                    ? value
                    : Default(axis, values);
        }

        return values;
    }

    private static IEnumerable<AxisValue> Others(AxisInfo axis) =>
        axis switch
        {
            { Kind: "truth" } => [AxisValue.Of(axis.Default != "true")],
            { Kind: "text", Values: { } values } => values.Where(v => v != axis.Default).Select(AxisValue.Of),
            { Name: "heads" } => [AxisValue.Of(4)],
            { Name: "depth" } => [AxisValue.Of(3)],
            { Name: "other_every" } => [AxisValue.Of(2)],
            _ => [],
        };

    private static AxisValue Default(AxisInfo axis, Dictionary<string, AxisValue> before) =>
        axis.Kind switch
        {
            "text" => AxisValue.Of(axis.Default!),
            "truth" => AxisValue.Of(axis.Default == "true"),
            _ => Expression
                .Parse(axis.Default ?? throw new InvalidOperationException($"{axis.Name} has no default"))
                .Evaluate(name => before.TryGetValue(name, out var value) ? value : null),
        };
}
