namespace Layerbench.Cli.Doctor;

/// <summary>How a finding is to be taken.</summary>
internal enum Health
{
    Good,

    /// <summary>Measuring works, and its results carry less than they could.</summary>
    Worse,
    Missing,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">E.g. <c>pytorch</c>, <c>allocator</c>.</param>
/// <param name="Said">What was found.</param>
/// <param name="Fix">The line to type, or what to do, where it is not Good.</param>
internal sealed record Finding(string Name, Health Health, string Said, string? Fix = null);

/// <summary>Everything that <c>layerbench doctor</c> says, section by section.</summary>
/// <param name="Edition"><c>full</c> or <c>reduced</c>, as the build found its package feed.</param>
internal sealed record DoctorReport(
    string Version,
    string Edition,
    IReadOnlyList<Finding> Features,
    IReadOnlyList<Finding> Backends,
    IReadOnlyList<Finding> Devices,
    IReadOnlyList<Finding> Machine
)
{
    public IEnumerable<(string Title, IReadOnlyList<Finding> Findings)> Sections =>
        [("features", Features), ("backends", Backends), ("devices", Devices), ("machine", Machine)];
}
