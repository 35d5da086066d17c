namespace Layerbench.Cli.Tests.Commands;

public class MatchRunTests
{
    private const string Sweep = """
        name: timed
        variants: [ffn.dense, ffn.residual_relu]
        match: {by: time, adjust: d_ff, within: 20%}
        backend: simulated
        axes: {batch: 4, seq_len: [256, 512], d_model: 128, depth: 3}
        measure: {launches: 6, memory_launches: 0}
        controls: {same: 0, slower: 0}
        """;

    [Fact]
    public async Task WidthsOfEqualTimeAreChosenOnceAndKeptWithTheRun()
    {
        using var folder = new ScratchFolder();
        folder.Write("timed.yaml", Sweep);
        var command = folder.Command;
        command.Environment["LAYERBENCH_PYTHON"] = FakePython.Write(folder);

        var first = await command.RunAsync("run", "timed.yaml", "--out", "o");
        var again = await command.RunAsync("run", "timed.yaml", "--out", "o");
        var resumed = await command.RunAsync("run", "--resume", "o");

        first.ExitCode.ShouldBe(0, first.Error);
        first.Error.ShouldContain("match: time: a pilot times candidates of each point, in two rounds\n");
        first.Error.ShouldContain("seq_len=512: ffn.residual_relu with 1");
        first.Output.ShouldContain("2 cells: 2 completed\n");
        again.Error.ShouldNotContain("pilot");
        again.Error.ShouldContain("2 cells, 2 done before");
        resumed.Error.ShouldContain("2 cells, 2 done before");

        var results = await command.RunAsync("results", "o");
        results.Output.ShouldMatch(
            "matched by time to ffn.dense: ffn.residual_relu with d_ff 1[0-9]{2}( to 1[0-9]{2})?, off by "
        );
        var rows = (await command.RunAsync("results", "o", "--csv")).OutputLines.Select(l => l.Split(',')).ToList();
        string[] Column(string name) => [.. rows.Skip(1).Select(r => r[Array.IndexOf(rows[0], name)])];
        Column("match_by").ShouldBe(["", "time", "", "time"]);
        Column("match_axis").ShouldBe(["", "d_ff", "", "d_ff"]);
        Column("match_value").Where(v => v.Length > 0).ShouldAllBe(v => v.Length == 3 && v[0] == '1');
    }

    [Fact]
    public async Task AServerChoosesThemTooBeforeItRunsWhatWasSubmitted()
    {
        using var folder = new ScratchFolder();
        folder.Write("timed.yaml", Sweep);
        var command = folder.Command;
        command.Environment["LAYERBENCH_PYTHON"] = FakePython.Write(folder);
        using var serving = command.Start("serve", "s", "--port", "0");
        var said = await serving.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var server = said!.Split("/ ")[0];

        var submitted = await command.RunAsync("submit", "timed.yaml", "--server", server);
        var watched = await command.RunAsync("watch", submitted.Output.Trim(), "--server", server);
        var text = await command.RunAsync("results", submitted.Output.Trim(), "--server", server);
        serving.Kill(entireProcessTree: true);
        await CommandLine.EndAsync(serving);

        submitted.ExitCode.ShouldBe(0, submitted.Error);
        watched.ExitCode.ShouldBe(0, watched.Error);
        const string chosen =
            "matched by time to ffn.dense: ffn.residual_relu with d_ff 1[0-9]{2}( to 1[0-9]{2})?, off by ";
        text.Output.ShouldMatch(chosen);
        var again = await command.RunAsync("run", "timed.yaml", "--out", "s/timed");
        again.Error.ShouldNotContain("pilot", Case.Sensitive, "what the server chose is kept");
        again.Error.ShouldContain("2 cells, 2 done before");
    }

    [Fact]
    public async Task APlanShowsWhatWasChosenAndHowNearItCame()
    {
        using var folder = new ScratchFolder();
        folder.Write("timed.yaml", Sweep);
        var command = folder.Command;
        command.Environment["LAYERBENCH_PYTHON"] = FakePython.Write(folder);

        var plan = await command.RunAsync("plan", "timed.yaml", "--set", "match=flops");

        plan.ExitCode.ShouldBe(0, plan.Error);
        plan.Output.ShouldContain(
            "matched by flops to ffn.dense: ffn.residual_relu with d_ff 171, off by 0.2% in the median and 0.2% at worst\n"
        );
        plan.Output.ShouldContain("ffn.residual_relu d_ff");
        plan.Output.ShouldContain("171 (1.002×)");
    }
}
