namespace Layerbench.Cli.Tests.Commands;

public sealed class ReportCommandTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ARunLeavesItsPageAndReportMakesItAgain()
    {
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 3));
        var ran = await folder.Command.RunAsync("run", "sim.yaml", "--out", "o");
        ran.Output.ShouldContain("files: o/report.html, results.csv, ");
        var page = await ReadAsync("o/report.html");
        page.ShouldStartWith("<!doctype html>");
        page.ShouldContain("other is faster than base in 3 of 3 cells, by up to 1.1"); // 1 ÷ 0.87, and noise
        page.ShouldContain("layerbench run sim.yaml --out o</pre>");
        File.Delete(folder["o/report.html"]);

        var again = await folder.Command.RunAsync("report", "o");

        again.ExitCode.ShouldBe(0, again.Error);
        again.Output.ShouldBe("o/report.html\n");
        (await ReadAsync("o/report.html")).ShouldBe(page);
    }

    [Fact]
    public async Task MarkdownIsPrintedAndAPictureIsWritten()
    {
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 2));
        await folder.Command.RunAsync("run", "sim.yaml", "--out", "o");

        var markdown = await folder.Command.RunAsync("report", "o", "--markdown");
        var picture = await folder.Command.RunAsync("report", "o", "--svg", "map.svg");

        markdown.OutputLines[0].ShouldBe("## sim");
        markdown.OutputLines[1].ShouldBe("- **other is faster than base in 2 of 2 cells, by up to 1.15×.**");
        picture.Output.ShouldBe("map.svg\n");
        (await ReadAsync("map.svg")).ShouldContain("win map of sim</title>");
    }

    [Fact]
    public async Task TheFigureAndTheVariantOfAPictureAreChosen()
    {
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 2));
        await folder.Command.RunAsync("run", "sim.yaml", "--out", "o");

        foreach (var figure in (string[])["forest:other", "lines"])
        {
            var drawn = await folder.Command.RunAsync("report", "o", "--svg", "x.svg", "--figure", figure);
            drawn.ExitCode.ShouldBe(0, drawn.Error);
        }

        var wrong = await folder.Command.RunAsync("report", "o", "--svg", "x.svg", "--figure", "forest:base");
        var none = await folder.Command.RunAsync("report", "o", "--figure", "pie");

        (await ReadAsync("x.svg")).ShouldContain("<title>base, other along replicate, of sim</title>");
        wrong.ExitCode.ShouldBe(2);
        wrong.ErrorLines.ShouldBe([
            "error: --figure forest:base: 'base' is compared with nothing here; give one of other",
        ]);
        none.ErrorLines.ShouldBe([
            "error: --figure: is of a picture; give --svg FILE too, or leave it out",
            "error: --figure 'pie': is none; give one of win-map, forest, lines",
        ]);
    }

    [Fact]
    public async Task TwoRunsAreOnePage()
    {
        folder.Write("sim.yaml", SimulatedSweep.Yaml(cells: 2));
        await folder.Command.RunAsync("run", "sim.yaml", "--out", "a");
        await folder.Command.RunAsync("run", "sim.yaml", "--out", "b");

        var ran = await folder.Command.RunAsync("report", "--compare", "a", "b", "--out", "two.html");

        ran.ExitCode.ShouldBe(0, ran.Error);
        var page = await ReadAsync("two.html");
        page.ShouldContain("<h1>sim: b ÷ a</h1>");
        page.ShouldNotContain("no environment is known");
        page.ShouldContain("<details><summary>A and B: ");
        page.ShouldContain("<th scope=\"row\">backend</th>");
        page.ShouldContain("<summary>A and B: The sweep, as it was measured</summary>");
        page.ShouldContain("Simulated: these numbers were computed");
    }

    [Fact]
    public async Task OfTwoRunsOfTwoSweepsBothTextsAreThereAndAllRowsAreWhereItIsSaid()
    {
        folder.Write("one.yaml", SimulatedSweep.Yaml(cells: 70));
        folder.Write("two.yaml", SimulatedSweep.Yaml(cells: 71));
        await folder.Command.RunAsync("run", "one.yaml", "--out", "a", "--quiet");
        await folder.Command.RunAsync("run", "two.yaml", "--out", "b", "--quiet");

        var markdown = await folder.Command.RunAsync("report", "--compare", "a", "b", "--markdown");
        await folder.Command.RunAsync("report", "--compare", "a", "b");
        var compared = await folder.Command.RunAsync("compare", "a", "b", "--markdown");

        markdown.Output.ShouldContain("The first 60 of 140 rows; `layerbench compare` prints all of them.");
        compared.OutputLines.Count(l => l.Contains("| other |", StringComparison.Ordinal)).ShouldBe(70);
        var page = await ReadAsync("compare.html");
        page.ShouldContain("<summary>A: The sweep, as it was measured</summary>");
        page.ShouldContain("<summary>B: The sweep, as it was measured</summary>");
    }

    [Fact]
    public async Task WhatCannotBeMeantIsSaidAtOnce()
    {
        var nothing = await folder.Command.RunAsync("report");
        var both = await folder.Command.RunAsync("report", "o", "--compare", "a", "b", "--markdown", "--svg", "x");
        var nowhere = await folder.Command.RunAsync("report", "nowhere");

        nothing.ExitCode.ShouldBe(2);
        nothing.ErrorLines.ShouldBe(["error: report: no run is given; give its folder DIR, or --compare A B for two"]);
        both.ExitCode.ShouldBe(2);
        both.ErrorLines.ShouldBe([
            "error: --compare: reports on two runs, so 'o' is one too many; leave it out",
            "error: --markdown and --svg: exclude each other; leave out one of them",
        ]);
        nowhere.ExitCode.ShouldBe(2);
        nowhere.ErrorLines.Length.ShouldBe(1);
    }

    private Task<string> ReadAsync(string file) =>
        File.ReadAllTextAsync(folder[file], TestContext.Current.CancellationToken);
}
