namespace Layerbench.Cli.Tests.Commands;

public class RunTests
{
    [Fact]
    public async Task ARunLeavesARowForEveryCellAndVariant()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 3));

        var ran = await folder.Command.RunAsync("run", "sim.yaml");

        ran.ExitCode.ShouldBe(0, ran.Error);
        var csv = await File.ReadAllLinesAsync(
            folder["results/sim/results.csv"],
            TestContext.Current.CancellationToken
        );
        csv.Length.ShouldBe(1 + (3 * 2));
        var column = csv[0].Split(',').ToList().IndexOf("variant");
        csv.Skip(1)
            .Select(row => row.Split(',')[column])
            .Order()
            .ShouldBe(["base", "base", "base", "other", "other", "other"]);
        File.ReadLines(folder["results/sim/results.jsonl"]).Count().ShouldBe(3);
        File.Exists(folder["results/sim/environment.json"]).ShouldBeTrue();
        ran.Output.ShouldContain("3 cells: 3 completed\n");
        ran.Output.ShouldContain("other, 3 cells: 3 faster.\n");
        ran.Output.ShouldContain("again: layerbench results results/sim\n");
        ran.Error.ShouldContain("finished after ");
    }

    [Fact]
    public async Task TheSameCommandAgainMeasuresNothingAgain()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 4));
        (await folder.Command.RunAsync("run", "sim.yaml", "--out", "o")).ExitCode.ShouldBe(0);
        var before = SimulatedSweep.Stored(folder["o"]);

        var again = await folder.Command.RunAsync("run", "sim.yaml", "--out", "o");

        again.ExitCode.ShouldBe(0, again.Error);
        again.Error.ShouldContain("4 cells, 4 done before");
        SimulatedSweep.Stored(folder["o"]).ShouldBe(before);
        before.Count.ShouldBe(4 * (SimulatedSweep.Launches + SimulatedSweep.MemoryLaunches));
    }

    [Fact]
    public async Task ANewBudgetOrDeviceIsTheSameSweepAndANewSettingIsAnother()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 1));
        await folder.Command.RunAsync("run", "sim.yaml", "--out", "o", "--budget", "10m");

        var same = await folder.Command.RunAsync("run", "sim.yaml", "--out", "o", "--devices", "simulated:2");
        var other = await folder.Command.RunAsync("run", "sim.yaml", "--out", "o", "--set", "seed=2");

        same.Error.ShouldContain("1 cell, 1 done before");
        other.Error.ShouldNotContain("done before");
        other
            .ErrorLines[0]
            .ShouldMatch("^note: 'o' has sim-[0-9a-f]{8}, which differs from this sweep in its file or a --set");
        same.Error.ShouldNotContain("note:");
        var results = await folder.Command.RunAsync("results", "o");
        results.Error.ShouldMatch("^note: sim-[0-9a-f]{8}; the folder also has sim-[0-9a-f]{8} \\(--sweep\\)\n$");
    }

    [Fact]
    public async Task ResumeNeedsTheFolderAlone()
    {
        using var folder = new ScratchFolder();
        var file = folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 250));
        await StopAsync(folder, "-KILL");
        File.Delete(file);

        var resumed = await folder.Command.RunAsync("run", "--resume", "o");

        resumed.ExitCode.ShouldBe(0, resumed.Error);
        resumed.Output.ShouldContain("250 cells: 250 completed\n");
    }

    [Fact]
    public async Task KilledAnywhereItGoesOnAndEveryLaunchIsThereOnce()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 250));
        var killed = await StopAsync(folder, "-KILL");
        var before = SimulatedSweep.Stored(folder["o"]);
        before.Count.ShouldBeInRange(1, (250 * 9) - 1);
        killed.ExitCode.ShouldBe(137);

        var again = await folder.Command.RunAsync("run", "sim.yaml", "--out", "o", "--quiet");

        again.ExitCode.ShouldBe(0, again.Error);
        var after = SimulatedSweep.Stored(folder["o"]);
        after.Count.ShouldBe(250 * (SimulatedSweep.Launches + SimulatedSweep.MemoryLaunches));
        after.Select(l => l.Launch).Distinct().Count().ShouldBe(after.Count);
        after.Take(before.Count).ShouldBe(before);
    }

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    [InlineData("-TERM", "-INT")]
    public async Task AnInterruptedRunSavesAndSaysSo(params string[] signals)
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 2000));

        var ran = await StopAsync(folder, signals);

        ran.ExitCode.ShouldBe(130);
        ran.OutputLines[^1].ShouldContain("\"event\":\"sweep_ended\"");
        ran.OutputLines[^1].ShouldContain("\"end\":\"interrupted\"");
        File.Exists(folder["o/results.csv"]).ShouldBeTrue();
        SimulatedSweep.Stored(folder["o"]).Count.ShouldBeInRange(1, (2000 * 9) - 1);
    }

    [Fact]
    public async Task AFolderTakesOneProcessAtATime()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 10_000));
        using var first = folder.Command.Start("run", "sim.yaml", "--out", "o", "--json");
        await first.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        var second = await folder.Command.RunAsync("run", "sim.yaml", "--out", "o");

        first.Kill();
        await CommandLine.EndAsync(first);
        second.ExitCode.ShouldBe(2);
        second.ErrorLines.Length.ShouldBe(1);
        second.Error.ShouldStartWith($"error: '{folder["o"]}' is in use by layerbench process {first.Id} (started ");
    }

    [Fact]
    public async Task AFolderThatCannotBeMadeIsSaidInOneLine()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 1));

        var ran = await folder.Command.RunAsync("run", "sim.yaml", "--out", "/proc/layerbench");

        ran.ExitCode.ShouldBe(2);
        ran.ErrorLines.Length.ShouldBe(1);
        ran.Error.ShouldStartWith("error: '/proc/layerbench' ");
    }

    [Fact]
    public async Task AFailedCellIsExitCodeThreeAndIsTriedAgainOnlyWhenAsked()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 1, fault: "[none, error]"));

        var ran = await folder.Command.RunAsync("run", "sim.yaml", "--out", "o");
        var again = await folder.Command.RunAsync("run", "sim.yaml", "--out", "o");
        var retried = await folder.Command.RunAsync("run", "sim.yaml", "--out", "o", "--rerun-failed");

        ran.ExitCode.ShouldBe(3, ran.Error);
        ran.Output.ShouldContain("2 cells: 1 completed, 1 failed\n");
        again.ExitCode.ShouldBe(3);
        again.Error.ShouldContain("2 cells, 2 done before");
        retried.ExitCode.ShouldBe(3);
        retried.Error.ShouldContain("1 failed cell will be run again\n");
        retried.Error.ShouldContain("2 cells, 1 done before");
    }

    [Fact]
    public async Task OneLaunchIsAQuickLookWhereverItIsShown()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 1, launches: 1));

        var plan = await folder.Command.RunAsync("plan", "sim.yaml");
        var ran = await folder.Command.RunAsync("run", "sim.yaml", "--out", "o");

        const string words = "quick look: one launch, no interval";
        plan.Output.ShouldContain(words);
        ran.ExitCode.ShouldBe(0, ran.Error);
        ran.Output.ShouldContain(words);
        ran.Error.ShouldContain(words);
        ran.Output.ShouldContain("other, 1 cell: 1 inconclusive.");
    }

    [Fact]
    public async Task ASpentBudgetIsExitCodeFourAndSaysHowToGoOn()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 100_000));

        var ran = await folder.Command.RunAsync("run", "sim.yaml", "--out", "o", "--budget", "1s");

        ran.ExitCode.ShouldBe(4, ran.Error);
        ran.Error.ShouldContain("the budget is spent after ");
        ran.OutputLines[^1].ShouldBe("go on: layerbench run --resume o --budget TIME");
    }

    [Fact]
    public async Task ResumingWithoutAFolderTakesTheLatestRun()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 2));
        await folder.Command.RunAsync("run", "sim.yaml", "--quiet");

        var resumed = await folder.Command.RunAsync("run", "--resume");

        resumed.ExitCode.ShouldBe(0, resumed.Error);
        resumed.Error.ShouldContain("2 cells, 2 done before");
        resumed.Output.ShouldContain("again: layerbench results results/sim\n");
    }

    [Fact]
    public async Task QuietSaysNothing()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 1));

        var ran = await folder.Command.RunAsync("run", "sim.yaml", "--quiet");

        ran.ShouldBe(new Ran(0, "", ""));
        File.Exists(folder["results/sim/results.csv"]).ShouldBeTrue();
    }

    [Fact]
    public async Task AllThatIsWrongWithTheCommandLineIsSaidAtOnce()
    {
        using var folder = new ScratchFolder();

        var ran = await folder.Command.RunAsync("run", "a.yaml", "--resume", "b", "--out", "c", "--json", "--quiet");

        ran.ExitCode.ShouldBe(2);
        ran.ErrorLines.ShouldBe([
            "error: --resume b: takes the sweep from the folder; leave out 'a.yaml', or use --out b with it",
            "error: --out c: --resume goes on in b; leave out one of them",
            "error: --json and --quiet: exclude each other; leave out one of them",
        ]);
    }

    [Fact]
    public async Task AMistakeInTheFileLeavesNoFolderBehind()
    {
        using var folder = new ScratchFolder();
        folder.Write("bad.yaml", "name: bad\nvariants: [sim.nope]\n");

        var ran = await folder.Command.RunAsync("run", "bad.yaml");

        ran.ExitCode.ShouldBe(2);
        ran.ErrorLines[1].ShouldStartWith("error: bad.yaml:2:12: variants[0]: there is no variant 'sim.nope'");
        ran.ErrorLines[^1].ShouldStartWith("note: no backend but the simulated one is usable here");
        Directory.Exists(folder["results"]).ShouldBeFalse();
    }

    [Fact]
    public async Task APythonThatCannotServeIsNamed()
    {
        using var folder = new ScratchFolder();
        folder.Write("good.yaml", "name: good\nvariants: [sim.noop]\nbackend: simulated\n");

        var ran = await folder.Command.RunAsync("run", "good.yaml", "--python", "/nowhere/python3");

        ran.ExitCode.ShouldBe(2);
        ran.ErrorLines.Single().ShouldStartWith("error: --python: '/nowhere/python3' cannot run the pytorch worker: ");
        ran.ErrorLines.Single().ShouldEndWith("; name a Python that has torch, or leave the option out");
    }

    [Fact]
    public async Task ResumingWhereNothingWasRunMakesNothing()
    {
        using var folder = new ScratchFolder();

        var ran = await folder.Command.RunAsync("run", "--resume", "nowhere");

        ran.ExitCode.ShouldBe(2);
        ran.ErrorLines.Length.ShouldBe(1);
        Directory.Exists(folder["nowhere"]).ShouldBeFalse();
    }

    /// <summary>Starts a run into the folder o and sends the signal once some launches are stored.</summary>
    // Of more events than a pipe holds the run waits for its reader, so that it cannot have ended before it is stopped.
    private static async Task<Ran> StopAsync(ScratchFolder folder, params string[] signals)
    {
        using var process = folder.Command.Start("run", "sim.yaml", "--out", "o", "--json");
        var stored = 0;
        while (stored < 20)
        {
            var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            line.ShouldNotBeNull("the run ended before it was stopped");
            stored += line.Contains("\"launch_stored\"", StringComparison.Ordinal) ? 1 : 0;
        }

        foreach (var signal in signals)
        {
            using var kill = System.Diagnostics.Process.Start("kill", [signal, $"{process.Id}"]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        return await CommandLine.EndAsync(process);
    }
}
