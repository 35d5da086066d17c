namespace Layerbench.Worker.Variants;

/// <summary>
/// All variants of this worker, by name: the non-abstract subclasses of <see cref="Variant"/> here and in plug-ins.
/// </summary>
internal static class VariantRegistry
{
    private static readonly Lazy<IReadOnlyList<Variant>> Found = new(Find);

    /// <exception cref="PlugInException">A plug-in cannot be used.</exception>
    public static IReadOnlyList<Variant> All => Found.Value;

    /// <exception cref="NotSupportedException">No variant has this name.</exception>
    public static Variant Find(string name) =>
        All.FirstOrDefault(v => v.Info.Name == name)
        ?? throw new NotSupportedException(
            $"variant: '{name}' is unknown to the torchsharp worker; it has {string.Join(", ", All.Select(v => v.Info.Name))}."
        );

    private static IReadOnlyList<Variant> Find()
    {
        var own = typeof(Variant)
            .Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Variant)) && !t.IsAbstract)
            .Select(t => (Variant)Activator.CreateInstance(t)!);
        var byName = own.ToDictionary(v => v.Info.Name, StringComparer.Ordinal);
        foreach (var file in PlugIns.Files)
        {
            foreach (var variant in PlugIns.Load(file))
            {
                if (!byName.TryAdd(variant.Info.Name, variant))
                {
                    throw new PlugInException($"{file}: there is a '{variant.Info.Name}' already; rename one");
                }
            }
        }

        return [.. byName.Values.OrderBy(v => v.Info.Name, StringComparer.Ordinal)];
    }
}
