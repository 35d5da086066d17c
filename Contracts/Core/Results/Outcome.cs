namespace Layerbench.Core.Results;

/// <summary>The closed result of a cell.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>Every launch it needed is stored.</summary>
    public sealed record Completed : Outcome;

    /// <summary>Its budget is spent before its interval was as narrow as asked.</summary>
    public sealed record Unconverged(string Reason) : Outcome;

    /// <summary>A variant's output is not what the reference or its equal gives; it was never timed.</summary>
    public sealed record Incorrect(string Reason) : Outcome;

    /// <summary>It cannot be run: it does not fit, or a variant does not take these values.</summary>
    public sealed record Skipped(string Reason) : Outcome;

    /// <summary>The worker reported an error while running it.</summary>
    public sealed record Failed(string Reason) : Outcome;

    /// <summary>It kept killing its workers and was set aside.</summary>
    public sealed record Poisoned(string Reason) : Outcome;

    /// <summary>The name that is stored: <c>completed</c>, <c>unconverged</c>, …</summary>
    public string Name =>
        this switch
        {
            Completed => "completed",
            Unconverged => "unconverged",
            Incorrect => "incorrect",
            Skipped => "skipped",
            Failed => "failed",
            Poisoned => "poisoned",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public string? Explanation =>
        this switch
        {
            Completed => null,
            Unconverged u => u.Reason,
            Incorrect i => i.Reason,
            Skipped s => s.Reason,
            Failed f => f.Reason,
            Poisoned p => p.Reason,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public static Outcome Read(string name, string? reason) =>
        name switch
        {
            "completed" => new Completed(),
            "unconverged" => new Unconverged(reason ?? ""),
            "incorrect" => new Incorrect(reason ?? ""),
            "skipped" => new Skipped(reason ?? ""),
            "failed" => new Failed(reason ?? ""),
            "poisoned" => new Poisoned(reason ?? ""),
            _ => throw new ArgumentException($"'{name}' is no outcome.", nameof(name)),
        };

    /// <summary>Names of the outcomes that are failures.</summary>
    public static IReadOnlyList<string> FailureNames { get; } = ["incorrect", "failed", "poisoned"];

    /// <summary>Whether the cell counts as failed for the exit code: Incorrect, Failed, Poisoned.</summary>
    public bool IsFailure => this is Incorrect or Failed or Poisoned;
}
