using System.Text.Json;

namespace Layerbench.Cli.Tests.Commands;

public class FileCommandTests
{
    [Fact]
    public async Task AGoodFileIsGoodAndABadOneIsToldInFull()
    {
        using var folder = new ScratchFolder();
        folder.Write("good.yaml", SimulatedSweep.Yaml(cells: 7));
        folder.Write(
            "bad.yaml",
            "name: bad\nvariants: [sim.cost]\nbackend: simulated\naxes:\n  cost_us: []\nmesure: {}\n"
        );

        var ran = await folder.Command.RunAsync("validate", "good.yaml", "bad.yaml", "absent.yaml");

        ran.ExitCode.ShouldBe(2);
        ran.Output.ShouldBe("good.yaml: good, 7 cells\n");
        ran.ErrorLines.ShouldAllBe(line => line.StartsWith("error: "));
        ran.ErrorLines.ShouldContain(line => line.StartsWith("error: bad.yaml:5:3: axes.cost_us: "));
        ran.ErrorLines.ShouldContain(line =>
            line.StartsWith("error: bad.yaml:6:1: mesure: ") && line.Contains("did you mean 'measure'?")
        );
        ran.ErrorLines.ShouldContain(line => line.StartsWith("error: absent.yaml: does not exist"));
    }

    [Fact]
    public async Task AllGoodIsExitCodeZero()
    {
        using var folder = new ScratchFolder();
        folder.Write("good.yaml", SimulatedSweep.Yaml(cells: 1));

        (await folder.Command.RunAsync("validate", "good.yaml")).ShouldBe(new Ran(0, "good.yaml: good, 1 cell\n", ""));
    }

    [Fact]
    public async Task APlanTakesOverridesAndRunsNothing()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 3));

        var ran = await folder.Command.RunAsync(
            "plan",
            "sim.yaml",
            "--set",
            "axes.replicate=1,2,3,4,5",
            "--devices",
            "simulated:2"
        );

        ran.ExitCode.ShouldBe(0, ran.Error);
        ran.Output.ShouldStartWith("sim: 5 cells of base, other (ratios to base)\n");
        ran.Output.ShouldContain("45 cell launches in about 9 worker processes\n");
        ran.Output.ShouldContain("on simulated:1: ");
        Directory.GetFileSystemEntries(folder.Path).ShouldBe([folder["sim.yaml"]]);
    }

    [Fact]
    public async Task AnOverrideThatIsWrongIsToldAsOne()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 3));

        var ran = await folder.Command.RunAsync("plan", "sim.yaml", "--set", "measure.launches=0");

        ran.ExitCode.ShouldBe(2);
        ran.Error.ShouldStartWith("error: --set: measure.launches: ");
    }

    [Fact]
    public async Task TheStarterSweepIsWrittenOnceAndIsValid()
    {
        using var folder = new ScratchFolder();
        var command = folder.Command;
        command.Environment["LAYERBENCH_PYTHON"] = FakePython.Write(folder);

        var written = await command.RunAsync("init");
        var again = await command.RunAsync("init");
        var forced = await command.RunAsync("init", "--force");
        var valid = await command.RunAsync("validate", "sweep.yaml");

        written.ExitCode.ShouldBe(0);
        again.ExitCode.ShouldBe(2);
        again.Error.ShouldBe(
            "error: sweep.yaml: is there already and is not overwritten; give another name, or --force to overwrite it\n"
        );
        forced.ExitCode.ShouldBe(0);
        valid.ShouldBe(new Ran(0, "sweep.yaml: good, 8 cells\n", ""));
    }

    [Fact]
    public async Task TheSchemaIsJson()
    {
        using var folder = new ScratchFolder();

        var ran = await folder.Command.RunAsync("schema");

        ran.ExitCode.ShouldBe(0);
        JsonDocument
            .Parse(ran.Output)
            .RootElement.GetProperty("properties")
            .TryGetProperty("variants", out _)
            .ShouldBeTrue();
    }

    [Fact]
    public async Task ResultsCanBeReadAsCsvJsonAndLaunchByLaunch()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 2));
        await folder.Command.RunAsync("run", "sim.yaml", "--out", "o", "--quiet");

        var csv = await folder.Command.RunAsync("results", "o", "--csv");
        var json = await folder.Command.RunAsync("results", "o", "--json");
        var id = JsonDocument.Parse(json.OutputLines[0]).RootElement.GetProperty("cell").GetString()!;
        var cell = await folder.Command.RunAsync("results", "o", "--cell", id[..10]);

        csv.Output.ShouldBe(
            await File.ReadAllTextAsync(folder["o/results.csv"], TestContext.Current.CancellationToken)
        );
        json.Output.ShouldBe(
            await File.ReadAllTextAsync(folder["o/results.jsonl"], TestContext.Current.CancellationToken)
        );
        cell.Output.ShouldStartWith($"cell {id}, completed\n");
        cell.OutputLines.Count(line => line.Contains("simulated:0")).ShouldBe(9);
    }

    [Fact]
    public async Task ResultsOfAFolderThatHasNoneAreAnErrorInOneLine()
    {
        using var folder = new ScratchFolder();

        var ran = await folder.Command.RunAsync("results", folder.Path);

        ran.ExitCode.ShouldBe(2);
        ran.ErrorLines.Length.ShouldBe(1);
        ran.Error.ShouldStartWith("error: ");
    }

    [Fact]
    public async Task RunsAreFoundUnderAFolder()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 2, fault: "error"));
        await folder.Command.RunAsync("run", "sim.yaml", "--quiet");

        var ran = await folder.Command.RunAsync("runs");

        ran.ExitCode.ShouldBe(0);
        ran.OutputLines[^1]
            .ShouldMatch(
                @"^  \./results/sim   sim-[0-9a-f]{8}   complete   2 of 2   2        \d{4}-\d\d-\d\d \d\d:\d\d$"
            );
    }

    [Theory]
    [InlineData("mixers-2.yaml", "name: mixers-2")]
    [InlineData("no name.yaml", "name: starter")]
    public async Task AStarterSweepIsNamedAfterItsFileWhereThatIsAName(string file, string expected)
    {
        using var folder = new ScratchFolder();

        (await folder.Command.RunAsync("init", file)).ExitCode.ShouldBe(0);

        File.ReadLines(folder[file]).ShouldContain(expected);
    }

    [Fact]
    public async Task AMistakeInAnOptionIsSaidInItsName()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 1));

        var ran = await folder.Command.RunAsync("run", "sim.yaml", "--budget", "3x", "--devices", "nope:1");

        ran.ExitCode.ShouldBe(2);
        ran.ErrorLines.Length.ShouldBe(2);
        ran.ErrorLines.ShouldContain(l => l.StartsWith("error: --devices nope:1: "));
        ran.ErrorLines.ShouldContain(l => l.StartsWith("error: --budget 3x: "));
        (await folder.Command.RunAsync("run", "sim.yaml", "--backend", "nope"))
            .ErrorLines[0]
            .ShouldStartWith("error: --backend nope: ");
    }

    [Fact]
    public async Task APlanMarksControlsAndSaysWhatABudgetReaches()
    {
        using var folder = new ScratchFolder();
        folder.Write(
            "sim.yaml",
            SimulatedSweep
                .Yaml(cells: 2)
                .Replace("{same: 0, slower: 0}", "{same: 50%, slower: 50%}", StringComparison.Ordinal)
        );

        var plan = await folder.Command.RunAsync("plan", "sim.yaml", "--budget", "1s");

        plan.ExitCode.ShouldBe(0, plan.Error);
        plan.OutputLines.Count(l => l.EndsWith(" control.same", StringComparison.Ordinal)).ShouldBe(1);
        plan.OutputLines.Count(l => l.EndsWith(" control.slower", StringComparison.Ordinal)).ShouldBe(1);
        plan.OutputLines.ShouldContain(l =>
            l.StartsWith("budget: 1 s, less than is expected", StringComparison.Ordinal)
        );
    }
}
