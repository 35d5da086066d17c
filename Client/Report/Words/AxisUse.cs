using Layerbench.Core;

namespace Layerbench.Report.Words;

/// <summary>Which axes vary over the points seen so far, and what the others are fixed at.</summary>
public sealed class AxisUse
{
    private readonly Dictionary<string, AxisValue> first = new(StringComparer.Ordinal);
    private readonly HashSet<string> varying = new(StringComparer.Ordinal);
    private readonly List<string> order = [];

    public void See(IReadOnlyDictionary<string, AxisValue> point)
    {
        foreach (var (axis, value) in point)
        {
            if (!first.TryGetValue(axis, out var seen))
            {
                first.Add(axis, value);
                order.Add(axis);
            }
            else if (seen != value)
            {
                varying.Add(axis);
            }
        }
    }

    /// <summary>In the points' own order.</summary>
    public IReadOnlyList<string> Varying => [.. order.Where(varying.Contains)];

    /// <summary><c>pass=forward dtype=float32 …</c>, what all points have in common.</summary>
    public string Fixed =>
        string.Join(' ', order.Where(a => !varying.Contains(a)).Select(a => $"{a}={PointText.Value(a, first[a])}"));
}
