using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Layerbench.Core.Sweeps;

/// <summary>
/// A variant's few parameters, sorted by name, the names shared by all cells of a plan: millions of cells are
/// walked, and a dictionary for each variant of each would be most of what they allocate. Unset values (see <see cref="SweepPlan"/>) are left out.
/// </summary>
internal sealed class ParameterTable(string[] names, AxisValue[] values) : IReadOnlyDictionary<string, AxisValue>
{
    public int Count => values.Count(v => v != default);

    public IEnumerable<string> Keys => this.Select(p => p.Key);

    public IEnumerable<AxisValue> Values => this.Select(p => p.Value);

    public AxisValue this[string key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no parameter '{key}'.");

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out AxisValue value)
    {
        var place = Array.IndexOf(names, key);
        value = place < 0 ? default : values[place];
        return value != default;
    }

    public IEnumerator<KeyValuePair<string, AxisValue>> GetEnumerator()
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (values[i] != default)
            {
                yield return new(names[i], values[i]);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
