namespace Layerbench.Cli.Tests.Commands;

/// <summary>How far a run is, by which name it is found, and what is told to be given next.</summary>
public class RunStandingTests
{
    [Fact]
    public async Task ResultsOfARunThatHasNotEndedSayHowFarItIs()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 10_000));
        // Of more events than a pipe holds the run waits for its reader.
        using var run = folder.Command.Start("run", "sim.yaml", "--out", "results/o", "--json");
        string? line;
        do
        {
            line = await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        } while (line is not null && !line.Contains("\"cell_finished\"", StringComparison.Ordinal));

        var table = await folder.Command.RunAsync("results", "sim");
        var rows = await folder.Command.RunAsync("results", "sim", "--csv");
        var verdicts = await folder.Command.RunAsync("analyze", "results/o");
        run.Kill();
        await CommandLine.EndAsync(run);
        var killed = await folder.Command.RunAsync("results", "results/o");
        var report = await folder.Command.RunAsync("report", "results/o", "--markdown");

        const string running = "running: [0-9,]+ of 10,000 cells so far; what follows is of those, and may change";
        table.OutputLines[0].ShouldMatch($"^{running}$");
        table.OutputLines[1].ShouldStartWith("warning: simulated: ");
        rows.ErrorLines.Single().ShouldMatch($"^note: {running}$");
        rows.OutputLines[0].ShouldStartWith("sweep,");
        verdicts.OutputLines[0].ShouldMatch($"^{running}$");
        const string stopped =
            "stopped: [0-9,]+ of 10,000 cells so far; what follows is of those; `layerbench run --resume results/o` goes on";
        killed.OutputLines[0].ShouldMatch($"^{stopped}$");
        report.ErrorLines.Single().ShouldMatch($"^note: {stopped}$");
        report.OutputLines[1].ShouldStartWith("- ⚠ stopped: ");
    }

    [Fact]
    public async Task ASweepIsFoundByItsNameOrEnoughOfItsId()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 1));
        await folder.Command.RunAsync("run", "sim.yaml", "--quiet");
        await folder.Command.RunAsync("run", "sim.yaml", "--quiet", "--set", "name=simple", "--set", "seed=2");
        await folder.Command.RunAsync("run", "sim.yaml", "--quiet", "--set", "seed=3", "--out", "results/other");
        var ids = (await folder.Command.RunAsync("runs"))
            .OutputLines.SelectMany(l => l.Split(' '))
            .Where(w => w.StartsWith("sim", StringComparison.Ordinal) && w.Contains('-'))
            .ToList();
        var hash = ids.Single(id => id.StartsWith("simple-", StringComparison.Ordinal)).Split('-')[1];

        var byName = await folder.Command.RunAsync("results", "simple");
        var byHash = await folder.Command.RunAsync("results", hash[..6]);
        var twice = await folder.Command.RunAsync("results", "sim");
        var nowhere = await folder.Command.RunAsync("results", "nowhere");

        byName.ExitCode.ShouldBe(0, byName.Error);
        byHash.ShouldBe(byName);
        twice.ExitCode.ShouldBe(2);
        twice.Error.ShouldMatch(
            "^error: 'sim' may be sim-[0-9a-f]{8} in 'results/other' or sim-[0-9a-f]{8} in 'results/sim'; give the folder, or more of its id\n$"
        );
        nowhere.ExitCode.ShouldBe(2);
        nowhere.Error.ShouldBe(
            "error: 'nowhere' is neither a run's folder nor a sweep under 'results', which `layerbench runs` lists; a sweep on a server takes --server URL\n"
        );
    }

    [Fact]
    public async Task CommandsToGiveNextAreWrittenAsThisOneWasStarted()
    {
        using var folder = new ScratchFolder();
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 1));
        var command = folder.Command;
        command.Environment["LAYERBENCH_COMMAND"] = "./layerbench";

        var ran = await command.RunAsync("run", "sim.yaml", "--out", "o");
        var wrong = await command.RunAsync("results", "nowhere");
        var help = await command.RunAsync("results", "--help");

        ran.Output.ShouldContain("again: ./layerbench results o\n");
        wrong.Error.ShouldContain("which `./layerbench runs` lists");
        help.Output.ShouldContain("\n  ./layerbench results results/quickstart\n");
    }
}
