using Layerbench.Core;

namespace Layerbench.Report.Words;

/// <summary>Points as text, only by the axes that tell them apart.</summary>
public static class PointText
{
    /// <summary><c>batch=8 d_model=512</c>; <c>the one point</c> where no axis varies.</summary>
    public static string Of(IEnumerable<string> axes, Func<string, AxisValue?> value)
    {
        var text = string.Join(' ', axes.Where(a => value(a) is not null).Select(a => $"{a}={Value(a, value(a))}"));
        return text.Length == 0 ? "the one point" : text;
    }

    /// <summary>As a sweep file would have it; threads are counted, and 0 stands for all.</summary>
    public static string Value(string axis, AxisValue? value) =>
        axis == "threads" && value is { IsInteger: true, Integer: 0 } ? "all" : value?.Canonical ?? "";

    public static string Of(IEnumerable<string> axes, IReadOnlyDictionary<string, AxisValue> point) =>
        Of(axes, axis => point.TryGetValue(axis, out var value) ? value : null);
}
