namespace Layerbench.Core.Catalog;

/// <summary>What the backends at hand can run, merged: the union of their variants and passes by name.</summary>
public sealed class VariantCatalog(IReadOnlyList<BackendInfo> backends)
{
    /// <summary>The backend that computes times instead of measuring them, and is always there.</summary>
    public const string Simulated = "simulated";

    public IReadOnlyList<BackendInfo> Backends { get; } = backends;

    public IReadOnlyList<VariantInfo> Variants { get; } =
    [.. backends.SelectMany(b => b.Variants).DistinctBy(v => v.Name).OrderBy(v => v.Name, StringComparer.Ordinal)];

    public IReadOnlyList<PassInfo> Passes { get; } = [.. backends.SelectMany(b => b.Passes).DistinctBy(p => p.Name)];

    public VariantInfo? FindVariant(string name) =>
        Variants.FirstOrDefault(v => string.Equals(v.Name, name, StringComparison.Ordinal));

    public PassInfo? FindPass(string name) =>
        Passes.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal));

    public BackendInfo? FindBackend(string name) =>
        Backends.FirstOrDefault(b => string.Equals(b.Backend, name, StringComparison.Ordinal));

    /// <summary>Whether this backend can run the variant.</summary>
    public bool Has(string backend, string variant) =>
        FindBackend(backend)?.Variants.Any(v => string.Equals(v.Name, variant, StringComparison.Ordinal)) == true;
}
