using Layerbench.Core.Catalog;

namespace Layerbench.Worker.Variants.Nets;

/// <summary>What a network takes for its layers, and one expression for the cost of whichever is chosen.</summary>
internal sealed class Members
{
    public const string None = "none";

    private static readonly string[] Shape = ["batch", "seq_len", "d_model"];

    private readonly IReadOnlyDictionary<string, LayerVariant?> byName;

    private Members(string axis, IReadOnlyDictionary<string, LayerVariant?> byName) =>
        (Axis, this.byName) = (axis, byName);

    /// <summary>The axis whose text names the member.</summary>
    public string Axis { get; }

    public IReadOnlyList<string> Names => [.. byName.Keys];

    /// <summary>All layers of a class that can be parts of a network.</summary>
    /// <param name="optional">Whether there may be none.</param>
    public static Members Of<T>(string axis, bool optional = false)
        where T : LayerVariant =>
        new(
            axis,
            typeof(T)
                .Assembly.GetTypes()
                .Where(t => t.IsSubclassOf(typeof(T)) && !t.IsAbstract)
                .Select(t => (LayerVariant)Activator.CreateInstance(t)!)
                .Where(v => v.CanBePart)
                .OrderBy(v => v.Info.Name, StringComparer.Ordinal)
                .Select(v => KeyValuePair.Create(v.Info.Name, (LayerVariant?)v))
                .Concat(optional ? [KeyValuePair.Create(None, (LayerVariant?)null)] : [])
                .ToDictionary()
        );

    /// <summary>The same members, named by another axis.</summary>
    public Members By(string axis) => new(axis, byName);

    /// <summary>Null for <see cref="None"/>.</summary>
    public LayerVariant? Find(string name) => byName[name];

    /// <summary>The names whose member, or none, is so.</summary>
    public IReadOnlyList<string> Where(Func<LayerVariant?, bool> predicate) =>
        [.. byName.Where(m => predicate(m.Value)).Select(m => m.Key)];

    /// <summary>A fact of the member that the axis names.</summary>
    public string Cost(Func<VariantInfo, string> fact) =>
        Choice(byName.Select(m => (m.Key, m.Value is { } layer ? fact(layer.Info) : "0")));

    /// <summary>What the members take beyond the shape of a sequence, each once; where defaults differ, the chosen one's.</summary>
    public IEnumerable<AxisInfo> Axes() =>
        byName
            .Where(m => m.Value is not null)
            .SelectMany(m => m.Value!.Info.Axes.Select(a => (Member: m.Key, Axis: a)))
            .Where(t => !Shape.Contains(t.Axis.Name))
            .GroupBy(t => t.Axis.Name)
            .Select(takers =>
            {
                var first = takers.First().Axis;
                return takers.All(t => t.Axis.Default == first.Default)
                    ? first
                    : first with
                    {
                        Default = Choice(takers.Select(t => (t.Member, t.Axis.Default!))),
                    };
            });

    /// <summary>The members' own constraints, where the member is used.</summary>
    /// <param name="uses">A condition that the named members are used.</param>
    public IEnumerable<ConstraintInfo> Constraints(Func<IReadOnlyList<string>, string> uses) =>
        byName
            .Where(m => m.Value is not null)
            .SelectMany(m => m.Value!.Info.Constraints.Select(c => (Member: m.Key, Constraint: c)))
            .GroupBy(t => t.Constraint)
            .Select(of =>
            {
                List<string> names = [.. of.Select(t => t.Member)];
                return new ConstraintInfo(
                    $"not ({uses(names)}) or ({of.Key.Expression})",
                    $"{string.Join(", ", names)}: {of.Key.Reason}"
                );
            });

    /// <summary>A condition that the axis names one of these.</summary>
    public string IsOneOf(IReadOnlyList<string> names) =>
        names.Count == 1 ? $"{Axis} == '{names[0]}'" : $"{Axis} in [{string.Join(", ", names.Select(n => $"'{n}'"))}]";

    /// <summary>The text of the member that is named; members of one text share a branch, the most common needs no condition.</summary>
    private string Choice(IEnumerable<(string Name, string Text)> texts)
    {
        var branches = texts.GroupBy(t => t.Text, t => t.Name).OrderBy(g => g.Count()).ToList();
        var last = $"({branches[^1].Key})";
        return branches.Count == 1
            ? last
            : "(" + string.Concat(branches.SkipLast(1).Select(b => $"{IsOneOf([.. b])} ? {b.Key} : ")) + last + ")";
    }
}
