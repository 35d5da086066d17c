namespace Layerbench.Core.Sweeps;

/// <summary>Collects everything that is wrong, in the order of the file.</summary>
internal sealed class SpecErrors
{
    private readonly List<SpecError> errors = [];

    public int Count => errors.Count;

    public void Add(string path, string message, Mark mark) => errors.Add(new(path, message, mark));

    /// <summary>By place in the file; what was given with <c>--set</c> last. Errors of one place keep their order.</summary>
    public IReadOnlyList<SpecError> InOrder() =>
        [.. errors.Distinct().OrderBy(e => e.Mark.Line == 0).ThenBy(e => e.Mark.Line).ThenBy(e => e.Mark.Column)];
}
