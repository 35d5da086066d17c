using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class SweepYamlTests
{
    /// <summary>A tree without its places: <c>q'…'</c> for a quoted scalar.</summary>
    internal static string Show(SpecNode node) =>
        node switch
        {
            SpecNode.Scalar s => s.Quoted ? $"q'{s.Text}'" : s.Text,
            SpecNode.Sequence l => $"[{string.Join(" | ", l.Items.Select(Show))}]",
            SpecNode.Mapping m => $"{{{string.Join(" | ", m.Entries.Select(e => $"{Show(e.Key)}: {Show(e.Value)}"))}}}",
            _ => throw new InvalidOperationException(),
        };

    internal static SpecNode Read(string text)
    {
        var tree = SweepYaml.Read(text, out var errors);
        errors.ShouldBeEmpty();
        return tree.ShouldNotBeNull();
    }

    [Fact]
    public void NodesHaveTheirPlacesCountedFromOne()
    {
        var root = (SpecNode.Mapping)Read("# comment\nname: x\naxes:\n  batch: [1, \"8\"]\n");
        root.Mark.ShouldBe(new Mark(2, 1));
        root.Entries[0].Key.Mark.ShouldBe(new Mark(2, 1));
        root.Entries[0].Value.Mark.ShouldBe(new Mark(2, 7));
        var axes = (SpecNode.Mapping)root.Entries[1].Value;
        axes.Mark.ShouldBe(new Mark(4, 3));
        var batch = (SpecNode.Sequence)axes.Entries[0].Value;
        batch.Items.ShouldBe([new SpecNode.Scalar("1", false, new(4, 11)), new SpecNode.Scalar("8", true, new(4, 14))]);
    }

    [Theory]
    [InlineData("a: 1\nb: 'x y'\nc:\n", "{a: 1 | b: q'x y' | c: }")]
    [InlineData("a: |\n  one\n  two\n", "{a: q'one\ntwo\n'}")]
    [InlineData("a: one\n  two\n", "{a: one two}")]
    [InlineData(
        "d_ff: 4*d_model\nwhere: [\"a % b == 0\", max(a) > 1]",
        "{d_ff: 4*d_model | where: [q'a % b == 0' | max(a) > 1]}"
    )]
    [InlineData("- {a: [1, 2], b: {}}\n- []\n- - - x\n", "[{a: [1 | 2] | b: {}} | [] | [[x]]]")]
    [InlineData("a: 1\na: 2\n", "{a: 1 | a: 2}")]
    public void TextIsReadAsThisTreeAndWrittenAndReadAgainIsTheSame(string text, string expected)
    {
        var tree = Read(text);
        Show(tree).ShouldBe(expected);
        Show(Read(SweepYamlWriter.Write(tree))).ShouldBe(expected);
    }

    [Fact]
    public void AnyTreeIsWrittenSoThatItIsReadAgain()
    {
        var random = new SeededRandom(11);
        for (var i = 0; i < 300; i++)
        {
            // At the top a mapping, as in a sweep file.
            var tree = new SpecNode.Mapping([(new("top", false, default), RandomNode(random, 4))], default);
            var text = SweepYamlWriter.Write(tree);
            Show(Read(text)).ShouldBe(Show(tree), text);
        }
    }

    private static SpecNode RandomNode(SeededRandom random, int depth)
    {
        string[] plain = ["x", "12", "-0.5", "4*d_model", "a b", "max(a, b)", "true", "", "10%", "cpu:0-3", "a, b]"];
        string[] quoted =
        [
            "",
            "'",
            "\"q\"",
            "a\nb",
            " x ",
            "\\n",
            "é\u2028",
            "*a",
            "{",
            "# no comment",
            "a: b",
            "\u001b",
        ];
        var kind = random.NextInt64(depth == 0 ? 2 : 4);
        return kind switch
        {
            0 => new SpecNode.Scalar(plain[random.NextInt64(plain.Length)], false, default),
            1 => new SpecNode.Scalar(quoted[random.NextInt64(quoted.Length)], true, default),
            2 => new SpecNode.Sequence(
                [.. Enumerable.Range(0, (int)random.NextInt64(4)).Select(_ => RandomNode(random, depth - 1))],
                default
            ),
            _ => new SpecNode.Mapping(
                [
                    .. Enumerable
                        .Range(0, (int)random.NextInt64(4))
                        .Select(i => (new SpecNode.Scalar($"k{i}", i == 2, default), RandomNode(random, depth - 1))),
                ],
                default
            ),
        };
    }

    [Fact]
    public void NoTextMakesTheReaderThrow()
    {
        var random = new SeededRandom(5);
        var whole = File.ReadAllText(Path.Combine(Repository.Root, "sweeps/ffn-one-at-a-time.yaml"));
        const string marks = "[]{}:,-?|>&*!%@`'\"#\n\t \\0a\u0085\ufeff";
        for (var i = 0; i < 2000; i++)
        {
            var text = whole.ToCharArray();
            for (var edit = 0; edit <= random.NextInt64(6); edit++)
            {
                text[random.NextInt64(text.Length)] = marks[(int)random.NextInt64(marks.Length)];
            }

            var cut = (int)random.NextInt64(text.Length);
            var result = SweepFile.Parse(
                new string(text, 0, i % 2 == 0 ? cut : text.Length),
                [],
                CatalogFixture.Create()
            );
            result.IsValid.ShouldBe(result.Result.Errors.Count == 0);
            result.Result.Errors.ShouldAllBe(e => e.Mark.Line >= 1 && e.Mark.Column >= 1);
        }
    }

    [Fact]
    public void DepthNodesAndLengthAreBounded()
    {
        static string Error(string text)
        {
            SweepYaml.Read(text, out var errors).ShouldBeNull();
            return errors.ShouldHaveSingleItem().Message;
        }

        Read(new string('[', 32) + new string(']', 32));
        Error(new string('[', 33) + new string(']', 33))
            .ShouldBe("has more than 32 levels, the most that is read; simplify it");
        Error(new string('[', 500_000)).ShouldBe("has more than 32 levels, the most that is read; simplify it");
        Error("[" + string.Concat(Enumerable.Repeat("1,", 100_000)) + "1]")
            .ShouldBe("has more than 100000 values, the most that is read; simplify it");
        Error(new string('x', (1 << 20) + 1))
            .ShouldBe("has 1048577 characters; at most 1048576 are read; split the sweep");
    }
}
