namespace Layerbench.Worker.Variants;

/// <summary>All variants of this worker, by name: the non-abstract subclasses of <see cref="Variant"/>.</summary>
internal static class VariantRegistry
{
    public static IReadOnlyList<Variant> All { get; } =
    [
        .. typeof(Variant)
            .Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Variant)) && !t.IsAbstract)
            .Select(t => (Variant)Activator.CreateInstance(t)!)
            .OrderBy(v => v.Info.Name, StringComparer.Ordinal),
    ];

    /// <exception cref="NotSupportedException">No variant has this name.</exception>
    public static Variant Find(string name) =>
        All.FirstOrDefault(v => v.Info.Name == name)
        ?? throw new NotSupportedException(
            $"variant: '{name}' is unknown to the torchsharp worker; it has {string.Join(", ", All.Select(v => v.Info.Name))}."
        );
}
