namespace Layerbench.Core;

/// <summary>
/// One combination of axis values, in the order in which the sweep names its axes. The reserved axes
/// <c>pass</c>, <c>backend</c>, <c>dtype</c> and <c>threads</c> are part of it.
/// </summary>
/// <remarks>The names are shared by all points of a plan; a point owns only its values.</remarks>
public sealed class Point(IReadOnlyList<string> names, IReadOnlyList<AxisValue> values)
{
    public IReadOnlyList<string> Names { get; } = names;
    public IReadOnlyList<AxisValue> Values { get; } = values;

    public AxisValue? Find(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (string.Equals(Names[i], name, StringComparison.Ordinal))
            {
                return Values[i];
            }
        }

        return null;
    }

    public AxisValue this[string name] =>
        Find(name) ?? throw new KeyNotFoundException($"The point has no axis '{name}'.");

    public override string ToString() => string.Join(' ', Names.Zip(Values, (n, v) => $"{n}={v}"));
}
