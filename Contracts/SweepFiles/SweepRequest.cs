using Layerbench.Core.Sweeps;

namespace Layerbench.SweepFiles;

/// <summary>What a command line, or whoever submits, says about a sweep beside its file.</summary>
/// <param name="Set"><c>path=value</c> settings; they make it another sweep.</param>
/// <param name="Backend">Short for a setting of <c>backend</c>.</param>
/// <param name="Devices">Where to measure this time; not part of the sweep.</param>
/// <param name="Budget">How long to measure this time, e.g. <c>30m</c>; not part of the sweep.</param>
public sealed record SweepRequest(
    IReadOnlyList<string> Set,
    string? Backend = null,
    string? Devices = null,
    string? Budget = null
)
{
    /// <summary>Settings that are part of the sweep.</summary>
    public IReadOnlyList<string> OfTheSweep => Backend is null ? Set : [.. Set, $"backend={Backend}"];

    /// <summary>Settings of this run alone.</summary>
    public IReadOnlyList<string> OfThisRun =>
        [
            .. Devices is null ? (string[])[] : [$"devices=[{Devices}]"],
            .. Budget is null ? (string[])[] : [$"measure.budget={Budget}"],
        ];

    /// <summary>The error of a value that came by an option of its own, in that option's name; null for any other.</summary>
    internal string? Named(SpecError error)
    {
        if (error.Mark.Line != 0)
        {
            return null;
        }

        return error.Path.Split('[')[0] switch
        {
            "devices" when Devices is not null => $"--devices {Devices}: {error.Message}",
            "measure.budget" when Budget is not null => $"--budget {Budget}: {error.Message}",
            "backend" when Backend is not null => $"--backend {Backend}: {error.Message}",
            _ => null,
        };
    }
}
