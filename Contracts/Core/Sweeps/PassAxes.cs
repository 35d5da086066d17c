using Layerbench.Core.Catalog;

namespace Layerbench.Core.Sweeps;

/// <summary>
/// Which axes a pass leaves alone: those that another pass of the sweep needs and this one does not, e.g. the learning
/// rate where only the time of a forward pass is taken. A point of the pass has no value for them.
/// </summary>
internal static class PassAxes
{
    /// <returns>By pass: whether the axis at each place of <see cref="SweepSpec.Axes"/> is left alone.</returns>
    public static Dictionary<string, bool[]> LeftAlone(
        SweepSpec spec,
        IReadOnlyList<VariantInfo> variants,
        IReadOnlyList<PassInfo> passes
    )
    {
        var needs = passes.ToDictionary(p => p.Name, p => Needed(spec, variants, p), StringComparer.Ordinal);
        var needed = needs.Values.SelectMany(n => n).ToHashSet(StringComparer.Ordinal);
        return needs.ToDictionary(
            n => n.Key,
            n =>
            {
                var gone = needed.Except(n.Value).Except(ChoiceBinder.Reserved).ToHashSet(StringComparer.Ordinal);
                WithReaders(spec, gone);
                return spec.Axes.Select(a => gone.Contains(a.Name)).ToArray();
            },
            StringComparer.Ordinal
        );
    }

    /// <summary>What the pass and the variants take, and what the expressions for it read.</summary>
    private static HashSet<string> Needed(SweepSpec spec, IReadOnlyList<VariantInfo> variants, PassInfo pass)
    {
        var taken = variants.SelectMany(v => v.Axes).Concat(pass.Axes).Select(a => a.Name);
        var needed = taken.ToHashSet(StringComparer.Ordinal);
        var with = spec.Variants.SelectMany(v => v.With).Where(w => needed.Contains(w.Key)).Select(w => w.Value);
        needed.UnionWith(with.SelectMany(e => e.Names).ToList());
        var derived = spec.Axes.OfType<AxisSpec.Derived>().ToList();
        int before;
        do
        {
            before = needed.Count;
            needed.UnionWith(derived.Where(d => needed.Contains(d.Name)).SelectMany(d => d.Expression.Names).ToList());
        } while (needed.Count > before);

        return needed;
    }

    /// <summary>An axis that is computed from one that has no value has none either.</summary>
    private static void WithReaders(SweepSpec spec, HashSet<string> gone)
    {
        int before;
        do
        {
            before = gone.Count;
            foreach (var axis in spec.Axes.OfType<AxisSpec.Derived>())
            {
                if (axis.Expression.Names.Any(gone.Contains))
                {
                    gone.Add(axis.Name);
                }
            }
        } while (gone.Count > before);
    }
}
