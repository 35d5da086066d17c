using Layerbench.Core.Sweeps;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Layerbench.SweepFiles;

/// <summary>
/// YAML to the core's tree, from the parser's events, so that every node has its place and a hostile file cannot grow:
/// no anchors, aliases or tags, one document, and bounds on length, depth and nodes.
/// </summary>
public static class SweepYaml
{
    /// <summary>Longest text that is read: 1 MiB.</summary>
    public const int MaximumBytes = 1 << 20;

    public const int MaximumDepth = 32;
    public const int MaximumNodes = 100_000;

    /// <summary>Errors of one kind that are worth listing; the rest are the same mistake.</summary>
    private const int MostOfOneKind = 20;

    private const string Whole = SpecError.WholeFile;

    /// <summary>The tree, or null with what is wrong.</summary>
    public static SpecNode? Read(string text, out IReadOnlyList<SpecError> errors)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<SpecError>();
        errors = found;
        if (text.Length > MaximumBytes)
        {
            found.Add(
                new(Whole, $"has {text.Length} characters; at most {MaximumBytes} are read; split the sweep", new(1, 1))
            );
            return null;
        }

        CheckCharacters(text, found);
        if (found.Count > 0)
        {
            return null;
        }

        var parser = new Parser(new StringReader(text));
        try
        {
            return new TreeReader(parser, found).Document();
        }
        catch (YamlException e)
        {
            found.Add(new(Whole, Syntax(e), At(e.Start)));
            return null;
        }
        catch (BoundException e)
        {
            found.Add(new(Whole, e.Message, At(e.Place)));
            return null;
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet 16.3 loses its way so in a plain text that goes on in a flow list that was never closed.
            var near = parser.Current?.End ?? default;
            found.Add(new(Whole, "is not YAML after here; check that brackets and quotes are closed", At(near)));
            return null;
        }
    }

    internal static Core.Sweeps.Mark At(YamlDotNet.Core.Mark mark) => new((int)mark.Line, (int)mark.Column);

    private static string Syntax(YamlException e)
    {
        var message = e.InnerException?.Message ?? e.Message;
        return $"is not YAML here: {message.TrimEnd('.')}; check brackets, quotes, colons and indentation";
    }

    private static void CheckCharacters(string text, List<SpecError> errors)
    {
        var line = 1;
        var start = 0;
        var indent = true;
        for (var i = 0; i < text.Length && errors.Count < MostOfOneKind; i++)
        {
            var c = text[i];
            var column = i - start + 1;
            if (c == '\n')
            {
                (line, start, indent) = (line + 1, i + 1, true);
            }
            else if (c == '\t' && indent && !string.IsNullOrWhiteSpace(LineFrom(text, i)))
            {
                errors.Add(
                    new(
                        Whole,
                        "a tab indents this line; YAML takes spaces only; replace it by spaces",
                        new(line, column)
                    )
                );
                indent = false;
            }
            else if (char.IsControl(c) && c is not ('\t' or '\r'))
            {
                errors.Add(
                    new(
                        Whole,
                        $"holds the control character U+{(int)c:X4}; remove it; a sweep file is plain text",
                        new(line, column)
                    )
                );
            }

            indent &= c is ' ' or '\t' or '\n' or '\r';
        }
    }

    private static string LineFrom(string text, int at)
    {
        var end = text.IndexOf('\n', at);
        return end < 0 ? text[at..] : text[at..end];
    }

    /// <summary>Ends the reading of a file that is too deep or too long.</summary>
    private sealed class BoundException(string message, YamlDotNet.Core.Mark place) : Exception(message)
    {
        public YamlDotNet.Core.Mark Place { get; } = place;
    }

    /// <summary>Builds one document's tree. A problem of a node is noted and its place filled, so that reading goes on.</summary>
    private sealed class TreeReader(Parser parser, List<SpecError> errors)
    {
        private readonly HashSet<string> aliases = new(StringComparer.Ordinal);
        private int nodes;

        public SpecNode? Document()
        {
            parser.Consume<StreamStart>();
            if (parser.TryConsume<StreamEnd>(out var end))
            {
                Add("is empty; 'layerbench init' writes a sweep to start from", end.Start);
                return null;
            }

            parser.Consume<DocumentStart>();
            var root = Node(depth: 1);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
            {
                Add("holds a second document; a file is one sweep; put it into a file of its own", second.Start);
            }

            return errors.Count == 0 ? root : null;
        }

        private void Add(string message, YamlDotNet.Core.Mark mark) => errors.Add(new(Whole, message, At(mark)));

        private SpecNode Node(int depth)
        {
            if (parser.Current is null && !parser.MoveNext())
            {
                throw new YamlException("the file ends too early");
            }

            var current = parser.Current!;
            if (depth > MaximumDepth || ++nodes > MaximumNodes)
            {
                var bound = depth > MaximumDepth ? $"{MaximumDepth} levels" : $"{MaximumNodes} values";
                throw new BoundException($"has more than {bound}, the most that is read; simplify it", current.Start);
            }

            Refuse(current);
            if (parser.TryConsume<AnchorAlias>(out var alias))
            {
                return new SpecNode.Scalar("", false, At(alias.Start));
            }

            if (parser.TryConsume<SequenceStart>(out var sequence))
            {
                var items = new List<SpecNode>();
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    items.Add(Node(depth + 1));
                }

                return new SpecNode.Sequence(items, At(sequence.Start));
            }

            if (parser.TryConsume<MappingStart>(out var mapping))
            {
                return Mapping(mapping, depth);
            }

            var scalar = parser.Consume<Scalar>();
            return new SpecNode.Scalar(scalar.Value, scalar.Style != ScalarStyle.Plain, At(scalar.Start));
        }

        private SpecNode.Mapping Mapping(MappingStart mapping, int depth)
        {
            var entries = new List<(SpecNode.Scalar, SpecNode)>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = Node(depth + 1);
                var value = Node(depth + 1);
                if (key is SpecNode.Scalar { Text.Length: > 0 } name)
                {
                    entries.Add((name, value));
                }
                else if (errors.Count < MostOfOneKind)
                {
                    errors.Add(new(Whole, "a key is a word here, not a list, a mapping or nothing; name it", key.Mark));
                }
            }

            return new(entries, At(mapping.Start));
        }

        private void Refuse(ParsingEvent current)
        {
            if (errors.Count >= MostOfOneKind)
            {
                return;
            }

            if (current is AnchorAlias alias)
            {
                if (!aliases.Add(alias.Value.Value))
                {
                    return;
                }

                Add(
                    $"the alias *{alias.Value} is not taken; write the value out (quote a text that begins with *)",
                    alias.Start
                );
            }
            else if (current is NodeEvent node)
            {
                if (!node.Anchor.IsEmpty)
                {
                    Add($"the anchor &{node.Anchor} is not taken; write the value out where it is used", node.Start);
                }

                if (!node.Tag.IsEmpty)
                {
                    Add(
                        $"the tag {node.Tag} is not taken; remove it (quote a value that is meant as a text)",
                        node.Start
                    );
                }
            }
        }
    }
}
