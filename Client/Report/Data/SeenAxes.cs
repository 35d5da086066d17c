using Layerbench.Core;

namespace Layerbench.Report.Data;

/// <summary>The axes and values that cells have. It is fed cell by cell.</summary>
/// <param name="listed">Axes to which the sweep gives values.</param>
public sealed class SeenAxes(IReadOnlyList<string> listed)
{
    private readonly OrderedDictionary<string, Seen> axes = new(StringComparer.Ordinal);

    /// <param name="counts">Whether an axis may vary by this point: controls repeat one.</param>
    public void See(IReadOnlyDictionary<string, AxisValue> point, bool counts)
    {
        foreach (var (name, value) in point)
        {
            if (!axes.TryGetValue(name, out var seen))
            {
                axes[name] = seen = new Seen();
            }

            seen.Values.Add(value);
            if (counts)
            {
                seen.Counted.Add(value);
            }
        }
    }

    public IReadOnlyList<ReportAxis> All =>
        [
            .. axes.Select(a => new ReportAxis(
                a.Key,
                a.Value.Values.All(v => v.IsNumber) ? [.. a.Value.Values.OrderBy(v => v.Number)] : [.. a.Value.Values],
                a.Value.Counted.Count > 1,
                listed.Contains(a.Key, StringComparer.Ordinal)
            )),
        ];

    private sealed class Seen
    {
        public HashSet<AxisValue> Values { get; } = []; // enumerated as added: nothing is ever removed
        public HashSet<AxisValue> Counted { get; } = [];
    }
}
