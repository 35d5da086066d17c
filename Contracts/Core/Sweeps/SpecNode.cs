namespace Layerbench.Core.Sweeps;

/// <summary>A place in a sweep file, 1-based; line 0 stands for a value given with <c>--set</c>.</summary>
public readonly record struct Mark(int Line, int Column);

/// <summary>A sweep file as a tree, before anything is known about its meaning.</summary>
public abstract record SpecNode(Mark Mark)
{
    /// <param name="Quoted">A quoted scalar is a text, whatever it looks like.</param>
    public sealed record Scalar(string Text, bool Quoted, Mark Mark) : SpecNode(Mark);

    public sealed record Sequence(IReadOnlyList<SpecNode> Items, Mark Mark) : SpecNode(Mark);

    /// <summary>Entries in file order; a key that occurs twice is kept twice, so that it can be reported.</summary>
    public sealed record Mapping(IReadOnlyList<(Scalar Key, SpecNode Value)> Entries, Mark Mark) : SpecNode(Mark);
}

/// <summary>One thing wrong with a sweep file.</summary>
/// <param name="Path">Where in the document, e.g. <c>axes.seq_len</c>; list items from 0, as in <c>variants[1]</c>.</param>
/// <param name="Message">The value, the rule and the repair.</param>
public sealed record SpecError(string Path, string Message, Mark Mark)
{
    /// <summary>The path of an error that is of the whole file.</summary>
    public const string WholeFile = "(file)";

    /// <summary>
    /// <c>file:line:column: path: message</c>; of the whole file <c>file: message</c>; <c>--set: path: message</c> for a
    /// value from the command line.
    /// </summary>
    public string Format(string file) =>
        Mark.Line == 0 ? $"--set: {Path}: {Message}"
        : Path != WholeFile ? $"{file}:{Mark.Line}:{Mark.Column}: {Path}: {Message}"
        : Mark == new Mark(1, 1) ? $"{file}: {Message}"
        : $"{file}:{Mark.Line}:{Mark.Column}: {Message}";
}

/// <summary>A spec, or everything that is wrong with it.</summary>
public sealed record SpecResult(SweepSpec? Spec, IReadOnlyList<SpecError> Errors)
{
    public bool IsValid => Spec is not null && Errors.Count == 0;
}
