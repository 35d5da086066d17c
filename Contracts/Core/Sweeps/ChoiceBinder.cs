using Layerbench.Core.Catalog;

namespace Layerbench.Core.Sweeps;

/// <summary>The reserved axes: <c>pass</c>, <c>backend</c>, <c>dtype</c>, <c>threads</c>.</summary>
internal sealed class ChoiceBinder(SpecMap map, VariantCatalog catalog, SpecErrors errors)
{
    public const int MostThreads = 4096;

    /// <summary>In the order in which a point has them.</summary>
    public static readonly IReadOnlyList<string> Reserved = ["pass", "backend", "dtype", "threads"];

    public static bool IsReserved(string name) => Reserved.Contains(name, StringComparer.Ordinal);

    /// <summary>False: a pass was named that is not known.</summary>
    public bool PassesKnown { get; private set; } = true;

    public IReadOnlyList<AxisDraft> Read(IReadOnlyList<VariantDraft> variants)
    {
        var backends = Backends();
        var passes = Passes(backends);
        var dtypes = Dtypes(backends);
        foreach (var draft in variants)
        {
            if (draft.Info is not null && backends.Count > 0 && !backends.Any(b => catalog.Has(b, draft.Variant)))
            {
                var others = backends.SelectMany(b => catalog.FindBackend(b)!.Variants).Select(v => v.Name).Distinct();
                errors.Add(
                    draft.Path,
                    $"{string.Join(" and ", backends)} cannot run '{draft.Variant}'"
                        + Suggestion.OrList(draft.Variant, [.. others]),
                    draft.Mark
                );
            }
        }

        return [Draft("pass", passes), Draft("backend", backends), Draft("dtype", dtypes), Threads()];
    }

    private AxisDraft Draft(string name, IReadOnlyList<string> values) =>
        new(name, name, map.Find(name)?.Mark ?? map.Mark)
        {
            Values = values.Count == 0 ? null : [.. values.Select(v => AxisValue.Of(v))],
        };

    private List<string> Backends()
    {
        var known = catalog.Backends.Select(b => b.Backend).ToArray();
        var found = new List<string>();
        foreach (var (text, path, mark) in Texts("backend", "auto"))
        {
            var name = text == "auto" ? Auto(known) : text;
            if (name is null)
            {
                errors.Add(
                    path,
                    "'auto' found neither torchsharp nor pytorch"
                        + (known.Length == 0 ? "" : $" (here: {string.Join(", ", known)})")
                        + "; install one of them ('layerbench doctor' says how) or name another",
                    mark
                );
            }
            else if (!known.Contains(name, StringComparer.Ordinal))
            {
                errors.Add(
                    path,
                    $"there is no backend '{SpecText.Clip(name)}' here"
                        + (
                            known.Length == 0
                                ? "; none was found ('layerbench doctor' says why)"
                                : Suggestion.OrList(name, [.. known, "auto"])
                        ),
                    mark
                );
            }
            else
            {
                AddOnce(found, name, path, mark);
            }
        }

        return found;
    }

    private static string? Auto(string[] known) =>
        known.Contains("torchsharp", StringComparer.Ordinal) ? "torchsharp"
        : known.Contains("pytorch", StringComparer.Ordinal) ? "pytorch"
        : null;

    private List<string> Passes(List<string> backends)
    {
        var known = catalog.Passes.Select(p => p.Name).ToArray();
        var found = new List<string>();
        foreach (var (text, path, mark) in Texts("pass", "forward"))
        {
            if (!known.Contains(text, StringComparer.Ordinal))
            {
                PassesKnown = false;
                errors.Add(path, $"there is no pass '{SpecText.Clip(text)}'{Suggestion.OrList(text, known)}", mark);
                continue;
            }

            var has = backends
                .SelectMany(b => catalog.FindBackend(b)!.Passes)
                .Any(p => string.Equals(p.Name, text, StringComparison.Ordinal));
            if (backends.Count > 0 && !has)
            {
                errors.Add(path, $"{string.Join(" and ", backends)} has no pass '{text}'; name another backend", mark);
            }

            AddOnce(found, text, path, mark);
        }

        return found;
    }

    private List<string> Dtypes(List<string> backends)
    {
        // Where the backend is in doubt, every dtype of the catalogue is taken.
        var among = backends.Count > 0 ? backends.Select(b => catalog.FindBackend(b)!) : catalog.Backends;
        var known = among.SelectMany(b => b.Dtypes).Distinct(StringComparer.Ordinal).ToArray();
        var found = new List<string>();
        foreach (var (text, path, mark) in Texts("dtype", "float32"))
        {
            if (known.Contains(text, StringComparer.Ordinal))
            {
                AddOnce(found, text, path, mark);
            }
            else
            {
                errors.Add(
                    path,
                    $"there is no dtype '{SpecText.Clip(text)}' here{Suggestion.OrList(text, known)}",
                    mark
                );
            }
        }

        return found;
    }

    private AxisDraft Threads()
    {
        var values = new List<AxisValue>();
        var seen = new List<string>();
        foreach (var (node, path) in Items("threads"))
        {
            var count = node is SpecNode.Scalar { Text: "all" } ? 0 : SpecText.Integer(node, 1, MostThreads, out _);
            if (count is null)
            {
                errors.Add(
                    path,
                    $"{SpecText.Describe(node)} is no number of threads; give an integer from 1 to {MostThreads}, or all",
                    node.Mark
                );
            }
            else if (AddOnce(seen, count == 0 ? "all" : $"{count}", path, node.Mark))
            {
                values.Add(AxisValue.Of(count.Value));
            }
        }

        var given = map.Find("threads");
        return new("threads", "threads", given?.Mark ?? map.Mark)
        {
            Values =
                given is null ? [AxisValue.Of(0)]
                : values.Count == 0 ? null
                : values,
        };
    }

    private IEnumerable<(string Text, string Path, Mark Mark)> Texts(string key, string byDefault)
    {
        if (map.Find(key) is null)
        {
            yield return (byDefault, key, map.Mark);
            yield break;
        }

        foreach (var (node, path) in Items(key))
        {
            if (node is SpecNode.Scalar { Text.Length: > 0 } scalar)
            {
                yield return (scalar.Text, path, node.Mark);
            }
            else
            {
                errors.Add(path, $"{SpecText.Describe(node)} is no name; give one, e.g. {byDefault}", node.Mark);
            }
        }
    }

    private IEnumerable<(SpecNode Node, string Path)> Items(string key)
    {
        switch (map.Find(key))
        {
            case null:
                return [];
            case SpecNode.Sequence { Items.Count: 0 } empty:
                errors.Add(key, "has no values; give at least one", empty.Mark);
                return [];
            case SpecNode.Sequence list:
                return list.Items.Select((item, i) => (item, $"{key}[{i}]"));
            case var node:
                return [(node, key)];
        }
    }

    private bool AddOnce(List<string> found, string value, string path, Mark mark)
    {
        if (found.Contains(value, StringComparer.Ordinal))
        {
            errors.Add(path, $"'{value}' is given twice; remove one of them", mark);
            return false;
        }

        found.Add(value);
        return true;
    }
}
