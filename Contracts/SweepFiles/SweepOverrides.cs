using System.Globalization;
using Layerbench.Core.Sweeps;

namespace Layerbench.SweepFiles;

/// <summary>
/// <c>--set path=value</c>: <c>axes.batch=8,16</c>, <c>measure.launches=12</c>, <c>variants.0.label=wide</c>. The path
/// is keys joined by dots, and numbers from 0 for items of a list; the value is YAML, or values joined by commas.
/// </summary>
public static class SweepOverrides
{
    /// <summary>Line 0: not a place in the file.</summary>
    private static readonly Mark FromCommandLine = new(0, 0);

    /// <summary>The tree with the assignments made, one after the other; what is wrong with them is added to the errors.</summary>
    public static SpecNode Apply(SpecNode root, IReadOnlyList<string> assignments, out IReadOnlyList<SpecError> errors)
    {
        var found = new List<SpecError>();
        foreach (var assignment in assignments)
        {
            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            var path = equals < 0 ? assignment.Trim() : assignment[..equals].Trim();
            if (equals < 0 || path.Length == 0 || path.Split('.').Any(k => k.Length == 0))
            {
                found.Add(
                    new(
                        path.Length == 0 ? "(no path)" : path,
                        $"'{assignment}' is no setting; write path=value, e.g. axes.batch=8,16",
                        FromCommandLine
                    )
                );
                continue;
            }

            if (Value(path, assignment[(equals + 1)..].Trim(), found) is { } value)
            {
                root = Set(root, path.Split('.'), 0, value, path, found);
            }
        }

        errors = found;
        return root;
    }

    private static SpecNode? Value(string path, string text, List<SpecError> errors)
    {
        if (text.Length == 0)
        {
            errors.Add(new(path, "has no value; write path=value, e.g. axes.batch=8,16", FromCommandLine));
            return null;
        }

        var node = SweepYaml.Read(HasBareComma(text) ? $"[{text}]" : text, out var problems);
        errors.AddRange(problems.Select(p => new SpecError(path, $"'{text}' {p.Message}", FromCommandLine)));
        return node is null || problems.Count > 0 ? null : Unplaced(node);
    }

    /// <summary>Whether a comma stands outside all brackets and quotes.</summary>
    private static bool HasBareComma(string text)
    {
        var depth = 0;
        char? quote = null;
        foreach (var c in text)
        {
            if (quote is not null)
            {
                quote = c == quote ? null : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c is '(' or '[' or '{')
            {
                depth++;
            }
            else if (c is ')' or ']' or '}')
            {
                depth--;
            }
            else if (c == ',' && depth == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static SpecNode Unplaced(SpecNode node) =>
        node switch
        {
            SpecNode.Scalar s => s with { Mark = FromCommandLine },
            SpecNode.Sequence list => new SpecNode.Sequence([.. list.Items.Select(Unplaced)], FromCommandLine),
            SpecNode.Mapping m => new SpecNode.Mapping(
                [.. m.Entries.Select(e => (e.Key with { Mark = FromCommandLine }, Unplaced(e.Value)))],
                FromCommandLine
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static SpecNode Set(
        SpecNode node,
        string[] keys,
        int at,
        SpecNode value,
        string path,
        List<SpecError> errors
    )
    {
        if (at == keys.Length)
        {
            return value;
        }

        switch (node)
        {
            case SpecNode.Mapping mapping:
                return SetKey(mapping, keys, at, value, path, errors);
            case SpecNode.Sequence list
                when int.TryParse(keys[at], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    && index < list.Items.Count:
                var items = list.Items.ToArray();
                items[index] = Set(items[index], keys, at + 1, value, path, errors);
                return list with { Items = items };
            // A key without a value, as in 'axes:', holds nothing yet.
            case SpecNode.Scalar { Quoted: false, Text: "" }:
                return SetKey(new([], FromCommandLine), keys, at, value, path, errors);
            default:
                var parent = string.Join('.', keys[..at]);
                errors.Add(
                    new(
                        path,
                        node is SpecNode.Sequence l
                            ? $"'{keys[at]}' is no item of the list {parent}; give a number from 0 to {l.Items.Count - 1}, or set {parent}"
                            : $"{(parent.Length == 0 ? "the file" : $"'{parent}'")} is a single value and has no key '{keys[at]}'; set {(parent.Length == 0 ? "a whole sweep" : parent)} instead",
                        FromCommandLine
                    )
                );
                return node;
        }
    }

    private static SpecNode.Mapping SetKey(
        SpecNode.Mapping mapping,
        string[] keys,
        int at,
        SpecNode value,
        string path,
        List<SpecError> errors
    )
    {
        var entries = mapping.Entries.ToList();
        var place = entries.FindIndex(e => string.Equals(e.Key.Text, keys[at], StringComparison.Ordinal));
        var old = place < 0 ? new SpecNode.Scalar("", false, FromCommandLine) : entries[place].Value;
        var entry = (
            new SpecNode.Scalar(keys[at], false, FromCommandLine),
            Set(old, keys, at + 1, value, path, errors)
        );
        if (place < 0)
        {
            entries.Add(entry);
        }
        else
        {
            entries[place] = entry;
        }

        return mapping with
        {
            Entries = entries,
        };
    }
}
