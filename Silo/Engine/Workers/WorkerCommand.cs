namespace Layerbench.Engine.Workers;

/// <summary>How a worker is started.</summary>
/// <param name="Program">A path.</param>
public sealed record WorkerCommand(string Program, IReadOnlyList<string> Arguments)
{
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program));
}
