using System.Text.RegularExpressions;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Images;

/// <summary>One instruction, e.g. <c>RUN</c> and its command, continued lines joined.</summary>
internal sealed record Instruction(string Word, string Rest);

/// <summary>What is built from one <c>FROM</c>.</summary>
/// <param name="From">An image, or an earlier stage.</param>
internal sealed record Stage(string Name, string From, IReadOnlyList<Instruction> Instructions)
{
    /// <summary>The last instruction of this word, the stages that this one is built from included.</summary>
    public string? Last(string word, Dockerfile file) =>
        Instructions.LastOrDefault(i => i.Word == word)?.Rest
        ?? file.Stages.FirstOrDefault(s => s.Name == From)?.Last(word, file);
}

/// <summary>A Dockerfile, read as far as the tests ask.</summary>
internal sealed partial class Dockerfile
{
    public Dockerfile(string name)
    {
        var text = string.Join(
            '\n',
            File.ReadLines(Repository.At("deploy", "images", $"{name}.Dockerfile")).Where(l => !l.StartsWith('#'))
        );
        var instructions = Continued()
            .Replace(text, " ")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' ', 2))
            .Select(l => new Instruction(l[0], l[1].Trim()))
            .ToList();
        Arguments = instructions
            .TakeWhile(i => i.Word != "FROM")
            .Select(i => i.Rest.Split('=', 2))
            .ToDictionary(a => a[0], a => a[1]);
        List<Stage> stages = [];
        for (var at = instructions.FindIndex(i => i.Word == "FROM"); at < instructions.Count; )
        {
            var words = instructions[at].Rest.Split(' ');
            var next = instructions.FindIndex(at + 1, i => i.Word == "FROM");
            next = next < 0 ? instructions.Count : next;
            stages.Add(new Stage(words[2], Filled(words[0]), instructions[(at + 1)..next]));
            at = next;
        }

        Stages = stages;
    }

    /// <summary>Arguments before the first stage, with their defaults.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; }

    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>Stages that are built from an image and not from another stage.</summary>
    public IEnumerable<Stage> Bases => Stages.Where(s => Stages.All(other => other.Name != s.From));

    public Stage Base(Stage stage) =>
        Stages.FirstOrDefault(s => s.Name == stage.From) is { } under ? Base(under) : stage;

    private string Filled(string text) =>
        Arguments.Aggregate(text, (t, a) => t.Replace($"${{{a.Key}}}", a.Value, StringComparison.Ordinal));

    [GeneratedRegex(@"\s*\\\n\s*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Continued();
}
