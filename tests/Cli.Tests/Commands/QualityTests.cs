using System.Text.Json;

namespace Layerbench.Cli.Tests.Commands;

public sealed class QualityTests
{
    private const string Sweep = """
        name: learn
        variants:
          - {variant: sim.cost, label: good, with: {skill: 1}}
          - {variant: sim.cost, label: poor, with: {skill: 0.6}}
        pass: [forward, sim_learn]
        backend: simulated
        axes: {learning_rate: [0.0005, 0.005, 0.5], trial: TRIALS, steps: 100}
        measure: {launches: 6, memory_launches: 0}
        controls: {same: 0, slower: 0}
        """;

    [Fact]
    public async Task ASweepOfTimeAndQualityShowsBothAtTheSamePoint()
    {
        using var folder = Written("[1, 2]");

        var ran = await folder.Command.RunAsync("run", "learn.yaml", "--out", "o");

        ran.ExitCode.ShouldBe(0, ran.Error);
        ran.Output.ShouldContain("7 cells: 7 completed\n");
        var header = ran.OutputLines.First(l => l.Contains("peak memory", StringComparison.Ordinal));
        header.ShouldContain("sim_learn accuracy");
        var learnt = ran.OutputLines.Where(l => l.Contains("guessing: 0.5", StringComparison.Ordinal)).ToList();
        learnt.Count.ShouldBe(2);
        learnt[0].ShouldMatch("good +accuracy 0.99[0-9]* \\[0.99[0-9]*, (1|0.99[0-9]*)\\] +0.005 +2 ");
        learnt[0].ShouldEndWith("guessing: 0.5; 2 of 6 trainings diverged");
        learnt[1].ShouldMatch("poor +accuracy 0.[56][0-9]* ");
        ran.Output.ShouldContain("spreads that overlap show no difference\n");
    }

    [Fact]
    public async Task TheFilesAndTheSummaryHaveEveryTrainingAndTheBestRate()
    {
        using var folder = Written("[1, 2]");
        await folder.Command.RunAsync("run", "learn.yaml", "--out", "o", "--quiet");

        var lines = (await File.ReadAllLinesAsync(folder["o/results.csv"], TestContext.Current.CancellationToken))
            .Select(line => line.Split(','))
            .ToArray();
        string[] Column(string name) => [.. lines.Skip(1).Select(l => l[Array.IndexOf(lines[0], name)])];
        Column("learning_rate").Count(v => v.Length == 0).ShouldBe(2, "of the timed cell's two variants");
        Column("training_status").Count(s => s == "diverged").ShouldBe(4);
        Column("best_rate").Count(b => b == "true").ShouldBe(4);
        Column("metric_value")
            .Zip(Column("training_status"))
            .ShouldAllBe(r => r.First.Length == 0 == (r.Second.Length == 0 || r.Second == "diverged"));

        var analyzed = await folder.Command.RunAsync("analyze", "o", "--json");
        using var summary = JsonDocument.Parse(analyzed.OutputLines[^1]);
        var group = summary.RootElement.GetProperty("quality")[0];
        group.GetProperty("metric").GetString().ShouldBe("accuracy");
        var rates = group.GetProperty("variants")[0].GetProperty("rates").EnumerateArray().ToList();
        rates.Select(r => r.GetProperty("best").GetBoolean()).ShouldBe([false, true, false]);
        rates[2].GetProperty("diverged").GetInt32().ShouldBe(2);
        rates[2].GetProperty("mean").ValueKind.ShouldBe(JsonValueKind.Null);
        using var cell = JsonDocument.Parse(analyzed.OutputLines[1]);
        cell.RootElement.GetProperty("variants")[0]
            .GetProperty("training")
            .GetProperty("series")
            .GetProperty("accuracy")
            .GetArrayLength()
            .ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task TwoRunsAreComparedInTimesByVerdictsAndInWhatWasLearntByDescription()
    {
        using var folder = Written("[1, 2]");
        await folder.Command.RunAsync("run", "learn.yaml", "--out", "a", "--quiet");

        var same = await folder.Command.RunAsync("compare", "a", "a");

        same.OutputLines.ShouldContain(
            "6 trained cells: what was learnt is described, not judged; learnt: mean over trials at the best learning rate [least, greatest]; spreads that overlap show no difference"
        );
        same.OutputLines.ShouldContain("B ÷ A, 2 comparisons: 0 slower, 0 faster, 2 equivalent, 0 inconclusive");
        var good = same.OutputLines.Single(l => l.Contains("accuracy 0.99", StringComparison.Ordinal));
        good.ShouldMatch("good +accuracy (0.99[0-9]* \\[0.99[0-9]*, (1|0.99[0-9]*)\\]) +0.005 +accuracy \\1 +0.005");
    }

    [Fact]
    public async Task RunsThatHaveOnlyTrainedAreDescribedAndNothingIsKnownOfTheirTimes()
    {
        using var folder = Written("[1, 2]");
        await folder.Command.RunAsync("run", "learn.yaml", "--out", "a", "--quiet", "--set", "pass=sim_learn");
        await folder.Command.RunAsync(
            "run",
            "learn.yaml",
            "--out",
            "b",
            "--quiet",
            "--set",
            "pass=sim_learn",
            "--set",
            "seed=2"
        );

        var compared = await folder.Command.RunAsync("compare", "a", "b", "--markdown");

        compared.ExitCode.ShouldBe(4, compared.Error);
        compared.OutputLines[0].ShouldBe("| variant | learnt in A | at rate | learnt in B | at rate |");
        compared.OutputLines[2].ShouldMatch(@"^\| good \| accuracy 0\.9.* \| 0\.005 \| accuracy 0\.9.* \| 0\.005 \|$");
        compared.OutputLines.ShouldContain("no cell was timed in both runs");
        var report = await folder.Command.RunAsync("report", "--compare", "a", "b", "--markdown");
        report.OutputLines.ShouldContain("- **No cell was timed in both runs.**");
        report.OutputLines.ShouldContain(compared.OutputLines[0]);
        await folder.Command.RunAsync("report", "--compare", "a", "b", "--out", "two.html");
        var page = await File.ReadAllTextAsync(folder["two.html"], TestContext.Current.CancellationToken);
        page.ShouldContain("<h2 id=\"learnt-title\">What both runs learnt</h2>");
        page.ShouldContain("<th scope=\"col\">learnt in B</th>");
    }

    [Fact]
    public async Task KilledAnywhereNoFinishedTrainingIsRepeated()
    {
        using var folder = Written("{range: {from: 1, to: 100}}");
        using var process = folder.Command.Start("run", "learn.yaml", "--out", "o", "--json");
        while (
            await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line
            && !(
                line.Contains("\"kind\":\"quality\"", StringComparison.Ordinal)
                && line.Contains("launch_stored", StringComparison.Ordinal)
            )
        ) { }
        process.Kill();
        await CommandLine.EndAsync(process);
        var before = SimulatedSweep.Stored(folder["o"]);
        before.ShouldContain(l => l.Launch.Contains("/2/", StringComparison.Ordinal));

        var again = await folder.Command.RunAsync("run", "learn.yaml", "--out", "o", "--quiet");

        again.ExitCode.ShouldBe(0, again.Error);
        var after = SimulatedSweep.Stored(folder["o"]);
        after.Take(before.Count).ShouldBe(before);
        after.Count(l => l.Launch.Contains("/2/", StringComparison.Ordinal)).ShouldBe(300);
        after.Select(l => l.Launch).Distinct().Count().ShouldBe(after.Count);
    }

    [Fact]
    public async Task ThePlanCountsTrainingsAndTakesAPassesOwnAxes()
    {
        using var folder = Written("[1, 2]");

        var plan = await folder.Command.RunAsync("plan", "learn.yaml", "--set", "measure.prune={rungs: 2, keep: 1/3}");

        plan.ExitCode.ShouldBe(0, plan.Error);
        plan.Output.ShouldContain("7 of 12 points differ: each pass has the axes that it takes\n");
        plan.Output.ShouldContain(
            "6 cells of quality: 12 trainings, of which about 33.3% go on at each of 2 rungs, 18.0 GFLOP at most\n"
        );
        plan.Output.ShouldContain("12 cell launches in about 7 worker processes\n");
    }

    private static ScratchFolder Written(string trials)
    {
        var folder = new ScratchFolder();
        folder.Write("learn.yaml", Sweep.Replace("TRIALS", trials, StringComparison.Ordinal));
        return folder;
    }
}
