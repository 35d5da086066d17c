using System.Text.RegularExpressions;

namespace Layerbench.Core.Tests.Architecture;

/// <summary>Rules of the house that the compiler cannot hold.</summary>
public partial class SourceRuleTests
{
    private const int Explained = 300;
    private const int Most = 500;

    /// <summary>Files over 300 lines, each with the reason why it is not two.</summary>
    private static readonly Dictionary<string, string> LongFiles = new()
    {
        ["tests/Core.Tests/Scheduling/SweepStateTests.cs"] =
            "one sentence per rule of one state machine, with shared steps",
    };

    [Fact]
    public void AFileOver300LinesExplainsItselfAndNonePasses500()
    {
        var long_ = Repository
            .Files(".cs", ".py")
            .Select(f => (f.Path, Lines: File.ReadLines(f.FullPath).Count()))
            .Where(f => f.Lines > Explained)
            .ToList();

        long_.Where(f => f.Lines > Most).ShouldBeEmpty();
        long_
            .Select(f => f.Path)
            .Except(LongFiles.Keys)
            .ShouldBeEmpty("over 300 lines: split it, or list it with its reason");
        LongFiles.Keys.Except(long_.Select(f => f.Path)).ShouldBeEmpty("listed and not over 300 lines any more");
    }

    [Fact]
    public void CoreReadsNoClockAndDrawsNothingUnseeded()
    {
        var found = Repository
            .Files(".cs")
            .Where(f => f.Path.StartsWith("Contracts/Core/", StringComparison.Ordinal))
            .SelectMany(f => Impure().Matches(File.ReadAllText(f.FullPath)).Select(m => $"{f.Path}: {m.Value}"));

        found.ShouldBeEmpty("time is a parameter in the core, randomness takes a seed");
        // The rule sees what it forbids.
        Impure().IsMatch("var now = DateTimeOffset.UtcNow;").ShouldBeTrue();
    }

    [GeneratedRegex(
        @"\b(DateTime(Offset)?\.(Utc)?Now|DateTime\.Today|TimeProvider|Stopwatch|Environment\.TickCount(64)?|new Random\(|Random\.Shared|Guid\.NewGuid|File\.\w+\(|Console\.\w+\()"
    )]
    private static partial Regex Impure();
}
