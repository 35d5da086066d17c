namespace Layerbench.Cli.Tests.Commands;

/// <summary>The sweeps of this repository, held to the catalogue that the real PyTorch worker describes.</summary>
public class ReadySweepTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "sweeps");

    public static TheoryData<string> Sweeps =>
        [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Sweeps))]
    public async Task AReadySweepCanBePlannedAndSkipsNothing(string name)
    {
        using var folder = new ScratchFolder();
        var command = folder.Command;
        command.Environment["LAYERBENCH_PYTHON"] = FakePython.Write(folder);

        var text = await File.ReadAllTextAsync(Path.Combine(Folder, name), TestContext.Current.CancellationToken);
        // Not every edition has TorchSharp; its catalogue is the same.
        string[] backend = text.Contains("torchsharp]", StringComparison.Ordinal) ? ["--backend", "pytorch"] : [];

        var planned = await command.RunAsync(["plan", Path.Combine(Folder, name), .. backend]);

        planned.ExitCode.ShouldBe(0, planned.Error);
        planned.Output.ShouldNotContain("will be skipped");
        // A comment says which question it answers, what to expect and how long it takes.
        text.ShouldContain("# Expect: ");
        text.ShouldContain("# Takes: ");
        text.ShouldContain("\nquestion: ");
    }

    [Fact]
    public async Task TheWinMapHasEnoughCells()
    {
        using var folder = new ScratchFolder();
        var command = folder.Command;
        command.Environment["LAYERBENCH_PYTHON"] = FakePython.Write(folder);
        var valid = await command.RunAsync("validate", Path.Combine(Folder, "ffn-win-map.yaml"));
        valid.Output.ShouldContain("good, 70 cells\n");
    }
}
