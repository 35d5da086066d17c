namespace Layerbench.Core.Sweeps;

/// <summary>
/// The axes to which a sweep file gives values itself, read without a catalogue: those that tell its points apart. What
/// is computed from other axes, or left to a default, goes along with them.
/// </summary>
internal static class ListedAxes
{
    /// <param name="least">Values that a list must have, that its axis counts.</param>
    public static IReadOnlyList<string> Of(SpecNode root, int least = 0)
    {
        if (root is not SpecNode.Mapping map)
        {
            return [];
        }

        var reserved = ChoiceBinder.Reserved.Where(name =>
            Find(map, name) is SpecNode.Sequence values && values.Items.Count >= least
        );
        // One scalar is one value or an expression: neither tells points apart.
        var listed = Entries(Find(map, "axes"))
            .Where(e =>
                e.Value is SpecNode.Mapping || (e.Value is SpecNode.Sequence values && values.Items.Count >= least)
            )
            .Select(e => e.Key.Text);
        var design = Find(map, "design") as SpecNode.Mapping;
        var points = Find(design, "list") is SpecNode.Sequence list ? list.Items : [];
        var centre = Find(Find(design, "one_at_a_time") as SpecNode.Mapping, "centre");
        var designed = points.Append(centre).SelectMany(p => Entries(p)).Select(e => e.Key.Text);
        return [.. reserved.Concat(listed).Concat(designed).Distinct(StringComparer.Ordinal)];
    }

    private static SpecNode? Find(SpecNode.Mapping? map, string key) =>
        Entries(map).FirstOrDefault(e => string.Equals(e.Key.Text, key, StringComparison.Ordinal)).Value;

    private static IReadOnlyList<(SpecNode.Scalar Key, SpecNode Value)> Entries(SpecNode? node) =>
        node is SpecNode.Mapping map ? map.Entries : [];
}
