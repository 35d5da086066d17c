namespace Layerbench.Core.Sweeps;

/// <summary>
/// An axis as the file (or a default) has it: values, or an expression, or neither where what the file says could not
/// be read, so that the axis is known but nothing more is said of it.
/// </summary>
internal sealed record AxisDraft(string Name, string Path, Mark Mark)
{
    public IReadOnlyList<AxisValue>? Values { get; init; }

    public BoundExpression? Expression { get; init; }

    /// <summary>Set where the catalogue's default fills the axis in: the default's text.</summary>
    public string? Default { get; init; }

    public AxisSpec ToSpec() =>
        Expression is { } bound
            ? new AxisSpec.Derived(Name, bound.Expression)
            : new AxisSpec.Listed(
                Name,
                Values ?? throw new InvalidOperationException($"The axis '{Name}' has no values.")
            );
}
