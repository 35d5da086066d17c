using System.Text.Json;
using Layerbench.Cli;
using Layerbench.Core;
using Layerbench.Core.Access;
using Layerbench.Tests.Shared;

namespace Layerbench.Web.Tests;

/// <summary>The command against a server, in this process.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("layerbench-web-cli-").FullName;

    [Fact]
    public async Task ASweepIsSubmittedWatchedAndShownAsOnOneMachine()
    {
        await using var server = await TestServer.StartAsync();
        server.Engine.RunsAtOnce = true;
        var file = Write("sweep.yaml", Texts.Sweep(4));

        var submitted = await CommandRun.OfAsync("submit", file, "--server", server.Address, "--priority", "3");
        var id = submitted.Output.Trim();
        var watched = await CommandRun.OfAsync("watch", id, "--server", server.Address);
        var remote = await CommandRun.OfAsync("results", id, "--server", server.Address);
        var local = await CommandRun.OfAsync("results", server.Engine.Folder);
        var status = await CommandRun.OfAsync("status", id, "--server", server.Address);

        submitted.Error.ShouldBe("submitted: 4 cells\n");
        id.ShouldStartWith("sim-");
        watched.Code.ShouldBe(ExitCode.Done, watched.Error);
        watched.Error.ShouldContain("finished after");
        watched.Output.ShouldBe($"{local.Output}again: layerbench results {id} --server {server.Address}\n");
        remote.Output.ShouldBe(local.Output);
        local.Output.ShouldContain("faster");
        status.Output.ShouldStartWith($"{id}: finished, 4 of 4 cells done\nsubmitted by 'local' at ");
        status.Output.ShouldContain("completed 4\nother: 4 faster, 0 slower, 0 equivalent, 0 inconclusive\n");
    }

    [Fact]
    public async Task RunOnAClusterSubmitsAndWatches()
    {
        await using var server = await TestServer.StartAsync();
        server.Engine.RunsAtOnce = true;
        var file = Write("sweep.yaml", Texts.Sweep(2, fault: "crash"));

        var ran = await CommandRun.OfAsync("run", file, "--cluster", "--server", server.Address, "--json");

        ran.Code.ShouldBe(ExitCode.SomeCellsFailed, ran.Error);
        var events = ran
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        events[0].GetProperty("event").GetString().ShouldBe("sweep_started");
        events[^1].GetProperty("event").GetString().ShouldBe("sweep_ended");
        events.Count(e => e.GetProperty("event").GetString() == "cell_finished").ShouldBe(2);
    }

    [Fact]
    public async Task ResultsAsFilesAreTheSameAsOnOneMachine()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(3))).Id;
        await server.Engine.RunAsync(id);
        var cell = (await server.Engine.Results.CellsAsync(id).ToListAsync())[1].Id.Value;

        var csv = await CommandRun.OfAsync("results", id.Value, "--server", server.Address, "--csv");
        var one = await CommandRun.OfAsync("results", id.Value, "--server", server.Address, "--cell", cell);

        csv.Output.ShouldBe((await CommandRun.OfAsync("results", server.Engine.Folder, "--csv")).Output);
        one.Output.ShouldBe((await CommandRun.OfAsync("results", server.Engine.Folder, "--cell", cell)).Output);
        one.Output.ShouldContain(cell);
    }

    [Fact]
    public async Task WhatIsWrongWithASweepIsSaidAsOnOneMachine()
    {
        await using var server = await TestServer.StartAsync();
        var file = Write("sweep.yaml", Texts.Sweep(4).Replace("launches: 6", "launches: many"));

        var remote = await CommandRun.OfAsync("submit", file, "--server", server.Address, "--set", "measure.blocks=-1");
        var absent = await CommandRun.OfAsync("submit", Path.Combine(folder, "none.yaml"), "--server", server.Address);

        remote.Code.ShouldBe(ExitCode.BadInput);
        remote.Error.ShouldStartWith($"error: {file}:14:13: measure.launches: ");
        remote.Error.ShouldContain("error: --set: measure.blocks: ");
        absent.Code.ShouldBe(ExitCode.BadInput);
        absent.Error.ShouldBe(
            $"error: {folder}/none.yaml: does not exist; check the path, or write one with 'layerbench init'\n"
        );
    }

    [Fact]
    public async Task ACommandOnASweepSaysHowItStandsThen()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(4))).Id;

        var paused = await CommandRun.OfAsync("pause", id.Value, "--server", server.Address);
        var cancelled = await CommandRun.OfAsync("cancel", id.Value, "--server", server.Address);
        var resumed = await CommandRun.OfAsync("resume", id.Value, "--server", server.Address);
        var listed = await CommandRun.OfAsync("status", "--server", server.Address);

        paused.Output.ShouldBe($"{id}: paused, 0 of 4 cells done\n");
        cancelled.Output.ShouldBe($"{id}: cancelled, 0 of 4 cells done\n");
        resumed.Code.ShouldBe(ExitCode.BadInput);
        resumed.Error.ShouldBe(
            $"error: '{id}' is cancelled; submit its file again (`layerbench submit FILE`), and it goes on where it was\n"
        );
        listed.Output.ShouldContain($"{id}");
        listed.Output.ShouldContain("0 of 4");
    }

    [Fact]
    public async Task ACommandThatHasNothingToDoSaysSo()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(2))).Id;
        await server.Engine.RunAsync(id);

        var paused = await CommandRun.OfAsync("pause", id.Value, "--server", server.Address);
        var rerun = await CommandRun.OfAsync("rerun", id.Value, "--server", server.Address);

        paused.Code.ShouldBe(ExitCode.BadInput);
        paused.Error.ShouldBe(
            $"error: '{id}' has finished, so there is nothing to pause; `layerbench results {id}` shows what came out\n"
        );
        rerun.Code.ShouldBe(ExitCode.BadInput);
        rerun.Error.ShouldStartWith($"error: no cell of '{id}' was incorrect, failed or poisoned, so ");
    }

    [Fact]
    public async Task ARerunWhoseAnswerWasLostMayBeAskedForAgain()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(2))).Id;

        // As where the first had opened all failed cells again.
        var rerun = await CommandRun.OfAsync("rerun", id.Value, "--server", server.Address);

        rerun.Code.ShouldBe(ExitCode.Done, rerun.Error);
        rerun.Output.ShouldBe($"{id}: waiting, 0 of 2 cells done\n");
    }

    [Fact]
    public async Task ASweepIsFoundByItsNameOrEnoughOfItsId()
    {
        await using var server = await TestServer.StartAsync();
        var wide = (await server.SubmitAsync(Texts.Sweep(2, name: "wide"))).Id;
        var first = (await server.SubmitAsync(Texts.Sweep(2))).Id;
        var second = (await server.SubmitAsync(Texts.Sweep(3))).Id;

        var byName = await CommandRun.OfAsync("status", "wide", "--server", server.Address);
        var byHash = await CommandRun.OfAsync("pause", second.Value.Split('-')[1], "--server", server.Address);
        var twice = await CommandRun.OfAsync("status", "sim", "--server", server.Address);
        var none = await CommandRun.OfAsync("watch", "narrow", "--server", server.Address);

        byName.Output.ShouldStartWith($"{wide}: waiting, 0 of 2 cells done\n");
        byHash.Output.ShouldBe($"{second}: paused, 0 of 3 cells done\n");
        twice.Code.ShouldBe(ExitCode.BadInput);
        SweepId[] two = [first, second];
        twice.Error.ShouldBe(
            $"error: 'sim' may be {string.Join(" or ", two.OrderBy(i => i.Value, StringComparer.Ordinal))}; give more of its id\n"
        );
        none.Error.ShouldBe(
            $"error: there is no sweep 'narrow' on {server.Address}; `layerbench status --server {server.Address}` lists them\n"
        );
    }

    [Fact]
    public async Task ReportsAndVerdictsAreMadeOfASweepOnAServerToo()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(2))).Id;
        var before = await CommandRun.OfAsync("results", id.Value, "--server", server.Address);
        await server.Engine.RunAsync(id);

        var page = Path.Combine(folder, "page.html");
        var report = await CommandRun.OfAsync("report", id.Value, "--server", server.Address, "--out", page);
        var remote = await CommandRun.OfAsync("analyze", "sim", "--margin", "20%", "--server", server.Address);
        var local = await CommandRun.OfAsync("analyze", server.Engine.Folder, "--margin", "20%");

        server.Engine.IsAway = true;
        var away = await CommandRun.OfAsync("results", id.Value, "--server", server.Address);

        before.Output.ShouldStartWith("waiting: 0 of 2 cells so far; ");
        away.Output.ShouldStartWith("it is not known how far the sweep is, as the cluster does not answer; ");
        away.Output.ShouldContain("2 cells: 2 completed");
        report.Output.ShouldBe($"{page}\n", report.Error);
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        html.ShouldContain("other is faster than base in 2 of 2 cells");
        html.ShouldContain($"layerbench submit sim.yaml --server {server.Address}");
        remote.Output.ShouldBe(local.Output);
        remote.Output.ShouldContain("other, 2 cells: 2 equivalent.");
    }

    [Fact]
    public async Task AServerThatIsNoneIsSaidInOneLine()
    {
        var missing = await CommandRun.OfAsync("status");
        var wrong = await CommandRun.OfAsync("status", "--server", "here");
        var nobody = await CommandRun.OfAsync("status", "--server", "http://127.0.0.1:1");

        missing.Error.ShouldBe(
            "error: no server is given; give --server URL, or set LAYERBENCH_SERVER; runs of this machine are told of by `layerbench runs` and `layerbench results`\n"
        );
        wrong.Error.ShouldBe("error: --server 'here' is no address of a server; give one like http://127.0.0.1:8080\n");
        nobody.Code.ShouldBe(ExitCode.BadInput);
        nobody.Error.ShouldStartWith("error: http://127.0.0.1:1: no answer (Connection refused");
    }

    [Fact]
    public async Task OptionsOfARunHereAreNoneOfARunOnACluster()
    {
        var file = Write("sweep.yaml", Texts.Sweep(1));

        var local = await CommandRun.OfAsync("run", file, "--cluster", "--out", "x", "--budget", "3m");
        var without = await CommandRun.OfAsync("run", file, "--server", "http://127.0.0.1:1");

        local.Code.ShouldBe(ExitCode.BadInput);
        local.Error.ShouldBe("error: --out, --budget: of runs on this machine; leave it out with --cluster\n");
        without.Error.ShouldBe("error: --server: add --cluster to run it there, or leave it out to run it here\n");
    }

    [Fact]
    public async Task ATokenIsMadeAndLetsItsUserIn()
    {
        var made = await CommandRun.OfAsync("token", "new", "--user", "ann", "--role", "view", "--expires", "2h");
        var lines = made.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (entries, errors) = TokenEntry.ParseFile(lines[1]);
        errors.ShouldBeEmpty();
        await using var server = await TestServer.StartAsync(entries.Single());
        var tokenFile = Write("token", lines[0] + "\n");

        var listed = await CommandRun.OfAsync("status", "--server", server.Address, "--token-file", tokenFile);
        var anonymous = await CommandRun.OfAsync("status", "--server", server.Address);

        made.Code.ShouldBe(ExitCode.Done);
        lines[0].ShouldStartWith(AccessToken.Prefix);
        made.Output.IndexOf(lines[0], StringComparison.Ordinal)
            .ShouldBe(made.Output.LastIndexOf(lines[0], StringComparison.Ordinal));
        entries.Single().User.ShouldBe("ann");
        entries.Single().Role.ShouldBe(Role.View);
        listed.Output.ShouldBe($"no sweeps on {server.Address}\n");
        anonymous.Error.ShouldStartWith("error: this server wants a token; ");
    }

    [Fact]
    public async Task WhatATokenCannotBeMadeOfIsAllNamedAtOnce()
    {
        var refused = await CommandRun.OfAsync("token", "new", "--user", "a b", "--role", "root", "--expires", "soon");

        refused.Code.ShouldBe(ExitCode.BadInput);
        refused.Error.ShouldBe(
            """
            error: --user: 'a b' is no user's name; give 1 to 64 characters without blanks, not beginning with #
            error: --role: 'root' is no role; give view, submit, admin
            error: --expires: 'soon' is no time up to 10 years; give e.g. 30d or 12h, or never

            """
        );
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
