namespace Layerbench.Core.Sweeps;

/// <summary><c>plugins</c>: files with variants of the user's own.</summary>
internal static class PlugInBinder
{
    private const int HashDigits = 64;

    public static IReadOnlyList<PlugIn> Read(SpecMap root, SpecErrors errors)
    {
        var node = root.Find("plugins");
        IReadOnlyList<SpecNode> items = node switch
        {
            null => [],
            SpecNode.Sequence list => list.Items,
            _ => [node],
        };
        var found = new List<PlugIn>();
        for (var i = 0; i < items.Count; i++)
        {
            var path = node is SpecNode.Sequence ? $"plugins[{i}]" : "plugins";
            if (One(items[i], path, errors) is not { } plugIn)
            {
                continue;
            }

            if (found.Exists(f => string.Equals(f.File, plugIn.File, StringComparison.Ordinal)))
            {
                errors.Add(path, $"'{SpecText.Clip(plugIn.File)}' is given twice; remove one of them", items[i].Mark);
                continue;
            }

            found.Add(plugIn);
        }

        return found;
    }

    private static PlugIn? One(SpecNode node, string path, SpecErrors errors)
    {
        if (node is not SpecNode.Mapping)
        {
            return File(node, path, errors) is { } name ? new(name, null) : null;
        }

        if (SpecMap.Read(node, path, SweepKeys.PlugIn, errors) is not { } map)
        {
            return null;
        }

        var named = map.Require("file", "give the file's name, e.g. 'file: my_variant.py'", errors);
        var file = named is null ? null : File(named, map.PathOf("file"), errors);
        var hash = map.Find("sha256") is { } given ? Hash(given, map.PathOf("sha256"), errors) : null;
        return file is null ? null : new(file, hash);
    }

    private static string? Hash(SpecNode node, string path, SpecErrors errors)
    {
        if (node is SpecNode.Scalar { Text: { Length: HashDigits } text } && text.All(char.IsAsciiHexDigitLower))
        {
            return text;
        }

        errors.Add(
            path,
            $"{SpecText.Describe(node)} is not {HashDigits} lower-case hexadecimal digits; leave it out, a run writes it",
            node.Mark
        );
        return null;
    }

    private static string? File(SpecNode node, string path, SpecErrors errors)
    {
        if (
            node is SpecNode.Scalar { Text: var text }
            && (text.EndsWith(".py", StringComparison.Ordinal) || text.EndsWith(".dll", StringComparison.Ordinal))
            && !text.Any(c => char.IsControl(c) || c == ':')
        )
        {
            return text;
        }

        errors.Add(
            path,
            $"{SpecText.Describe(node)} is no plug-in; name a file that ends in .py (PyTorch) or .dll (TorchSharp), without ':'",
            node.Mark
        );
        return null;
    }
}
