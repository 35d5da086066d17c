namespace Layerbench.Core.Sweeps;

/// <summary>A comparison that the sweep was made for, named before anything is measured; judged by Holm among its like.</summary>
/// <param name="Where">Which points it means; null: all.</param>
/// <param name="Variant">Label of the variant that is compared with the baseline; null: each.</param>
public sealed record HeadlineSpec(string Name, Expression? Where, string? Variant)
{
    /// <param name="point">By axis. One that an expression cannot be computed at is not meant.</param>
    public bool Means(IReadOnlyDictionary<string, AxisValue> point)
    {
        try
        {
            return Where is null || Where.Truth(name => point.TryGetValue(name, out var value) ? value : null);
        }
        catch (ExpressionException)
        {
            return false;
        }
    }

    public bool Means(string label) => Variant is null || string.Equals(Variant, label, StringComparison.Ordinal);
}
