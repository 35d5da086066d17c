using System.Diagnostics.Metrics;

namespace Layerbench.Metrics;

/// <summary>
/// The one meter of the product. Names are dotted and have a unit, from which exporters make the names of the table in
/// docs/operations.md: <c>layerbench.sweep.eta</c> in <c>s</c> is <c>layerbench_sweep_eta_seconds</c>. Ratios say so in
/// their names, since exporters differ on what becomes of the unit 1.
/// </summary>
public static class LayerbenchMeter
{
    public const string Name = "Layerbench";

    /// <summary>Of what any code of the process counts; boards of state have one of their own, by the same name.</summary>
    internal static Meter Shared { get; } = New();

    internal static Meter New() => new(Name);

    internal static Measurement<T> Of<T>(T value, params ReadOnlySpan<(string Label, string Value)> labels)
        where T : struct
    {
        var tags = new KeyValuePair<string, object?>[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            tags[i] = new(labels[i].Label, labels[i].Value);
        }

        return new Measurement<T>(value, tags);
    }
}
