using System.Buffers;
using System.Globalization;
using System.Text;
using Layerbench.Core.Sweeps;

namespace Layerbench.SweepFiles;

/// <summary>
/// The tree as YAML again: block style, lists of plain words in one line. Comments and layout are gone; reading the
/// text gives the same tree, places apart.
/// </summary>
public static class SweepYamlWriter
{
    private static readonly SearchValues<char> FlowMarks = SearchValues.Create(",[]{}:\n");

    public static string Write(SpecNode root)
    {
        var text = new StringBuilder();
        Write(text, root, indent: 0, inline: false);
        if (text.Length == 0 || text[^1] != '\n')
        {
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <param name="inline">True after <c>key:</c> or <c>-</c> on the same line.</param>
    private static void Write(StringBuilder text, SpecNode node, int indent, bool inline)
    {
        switch (node)
        {
            case SpecNode.Scalar scalar:
                text.Append(inline ? " " : "").Append(Scalar(scalar)).Append('\n');
                break;
            case SpecNode.Sequence list when list.Items.All(IsPlainWord):
                text.Append(inline ? " " : "")
                    .Append('[')
                    .AppendJoin(", ", list.Items.Select(i => Scalar((SpecNode.Scalar)i)))
                    .Append("]\n");
                break;
            case SpecNode.Sequence list:
                text.Append(inline ? "\n" : "");
                foreach (var item in list.Items)
                {
                    text.Append(' ', indent).Append('-');
                    Write(text, item, indent + 2, inline: true);
                }

                break;
            case SpecNode.Mapping { Entries.Count: 0 }:
                text.Append(inline ? " " : "").Append("{}\n");
                break;
            case SpecNode.Mapping mapping:
                text.Append(inline ? "\n" : "");
                foreach (var (key, value) in mapping.Entries)
                {
                    text.Append(' ', indent).Append(Scalar(key)).Append(':');
                    Write(text, value, indent + 2, inline: true);
                }

                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Whether the scalar can stand between brackets as it is.</summary>
    private static bool IsPlainWord(SpecNode node) =>
        node is SpecNode.Scalar scalar
        && (scalar.Quoted || (scalar.Text.Length > 0 && scalar.Text.AsSpan().IndexOfAny(FlowMarks) < 0));

    private static string Scalar(SpecNode.Scalar scalar) =>
        scalar.Quoted || scalar.Text.Contains('\n', StringComparison.Ordinal) ? Quote(scalar.Text) : scalar.Text;

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                // Control characters, and those that YAML takes for line ends.
                < ' ' or '\u007f' or '\u0085' or '\u00a0' or '\u2028' or '\u2029' or '\ufeff' => quoted.Append(
                    CultureInfo.InvariantCulture,
                    $"\\u{(int)c:x4}"
                ),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
