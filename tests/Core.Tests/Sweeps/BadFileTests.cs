using Layerbench.SweepFiles;

namespace Layerbench.Core.Tests.Sweeps;

/// <summary>Every file in <c>bad/</c> gives exactly the errors in the <c>.expected</c> file beside it.</summary>
public sealed class BadFileTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests/Core.Tests/Sweeps/bad");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ABadFileGivesAllItsErrorsAtOnce(string name)
    {
        var read = SweepFile.Load(Path.Combine(Folder, name), [], CatalogFixture.Create());
        var lines = read.Result.Errors.Select(e => e.Format(name)).ToArray();
        read.IsValid.ShouldBeFalse();
        read.Result.Spec.ShouldBeNull();
        lines.ShouldBe(File.ReadAllLines(Path.Combine(Folder, Path.ChangeExtension(name, ".expected"))));
    }

    [Fact]
    public void EveryExpectationHasItsFile() =>
        Directory
            .GetFiles(Folder, "*.expected")
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Order()
            .ShouldBe(Directory.GetFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order());
}
