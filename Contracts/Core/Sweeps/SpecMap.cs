namespace Layerbench.Core.Sweeps;

/// <summary>A mapping of a sweep file whose keys have been held to a table: unknown and repeated ones are reported.</summary>
internal sealed class SpecMap
{
    private readonly Dictionary<string, SpecNode> values = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<SpecKey> keys;

    private SpecMap(string path, Mark mark, IReadOnlyList<SpecKey> keys)
    {
        Path = path;
        Mark = mark;
        this.keys = keys;
    }

    public string Path { get; }

    public Mark Mark { get; }

    /// <summary>Null where the node is no mapping, which is reported.</summary>
    public static SpecMap? Read(SpecNode node, string path, IReadOnlyList<SpecKey> keys, SpecErrors errors)
    {
        if (node is not SpecNode.Mapping mapping)
        {
            errors.Add(
                path.Length == 0 ? SpecError.WholeFile : path,
                $"{SpecText.Describe(node)} is no mapping; give it as 'key: value' with the keys {Names(keys)}",
                node.Mark
            );
            return null;
        }

        var map = new SpecMap(path, mapping.Mark, keys);
        List<(string Meant, SpecNode Value)> mistyped = [];
        foreach (var (key, value) in Unique(mapping, path, errors))
        {
            if (!keys.Any(k => string.Equals(k.Name, key.Text, StringComparison.Ordinal)))
            {
                var message =
                    $"there is no key '{SpecText.Clip(key.Text)}' here"
                    + Suggestion.OrList(key.Text, [.. keys.Select(k => k.Name)]);
                errors.Add(SpecText.Join(path, key.Text), message, key.Mark);
                if (Suggestion.Closest(key.Text, keys.Select(k => k.Name)) is { } meant)
                {
                    mistyped.Add((meant, value));
                }
            }
            else
            {
                map.values.Add(key.Text, value);
            }
        }

        // What follows is read as it was meant, or one slip would be told of again as all that it leaves missing.
        foreach (var (meant, value) in mistyped)
        {
            map.values.TryAdd(meant, value);
        }

        return map;
    }

    /// <summary>Entries by key; a key that comes again is reported and left out.</summary>
    public static IEnumerable<(SpecNode.Scalar Key, SpecNode Value)> Unique(
        SpecNode.Mapping mapping,
        string path,
        SpecErrors errors
    )
    {
        var first = new Dictionary<string, Mark>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Entries)
        {
            if (first.TryGetValue(key.Text, out var mark))
            {
                errors.Add(
                    SpecText.Join(path, key.Text),
                    $"'{SpecText.Clip(key.Text)}' is given twice, first in line {mark.Line}; remove one of them",
                    key.Mark
                );
                continue;
            }

            first.Add(key.Text, key.Mark);
            yield return (key, value);
        }
    }

    /// <summary>The key's value, or null where the file does not give it.</summary>
    public SpecNode? Find(string key) =>
        keys.Any(k => string.Equals(k.Name, key, StringComparison.Ordinal))
            ? values.GetValueOrDefault(key)
            : throw new ArgumentException($"'{key}' is not in the table of keys of '{Path}'.", nameof(key));

    public string PathOf(string key) => SpecText.Join(Path, key);

    /// <summary>Like <see cref="Find"/>; its absence is reported.</summary>
    public SpecNode? Require(string key, string repair, SpecErrors errors)
    {
        var value = Find(key);
        if (value is null)
        {
            errors.Add(PathOf(key), $"'{key}' is missing; {repair}", Mark);
        }

        return value;
    }

    public static string Names(IReadOnlyList<SpecKey> keys) => string.Join(", ", keys.Select(k => k.Name));
}
