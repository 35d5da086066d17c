using Layerbench.Cli;
using Layerbench.Cli.Serving;
using Layerbench.Cli.Sweeping;
using Layerbench.Engine.Output;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;
using Layerbench.Tests.Shared.Browser;

namespace Layerbench.Web.Tests.Live;

/// <summary>What <c>serve</c> and <c>run --web</c> do on a machine: real runs, real stores, a real browser.</summary>
public sealed class ServingTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private static readonly Workplace place = new(
        new WorkerCatalog([new BackendStatus(SimulatedBackend.Name, null, SimulatedBackend.Describe([]), null, null)]),
        []
    );

    private readonly string folder = Directory.CreateTempSubdirectory("layerbench-serve-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task WhatWaitsIsPausedResumedAndCancelledAndGoesOnWhenItIsSubmittedAgain()
    {
        await using var server = await ServeAsync();
        var id = await SubmitAsync(server, Texts.Grid());
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await page.SaysAsync("#progress-text", "waiting: 0 of 12 cells");
        await page.OrderAsync("pause");
        await page.SaysAsync("#progress-text", "paused: 0 of 12 cells");
        await page.OrderAsync("resume");
        await page.SaysAsync("#progress-text", "waiting: 0 of 12 cells");
        await page.OrderAsync("cancel");
        await page.SaysAsync("#progress-text", "cancelled: 0 of 12 cells");

        server.RunSubmitted();
        (await SubmitAsync(server, Texts.Grid())).ShouldBe(id);

        await page.SaysAsync("#progress-text", "finished: 12 of 12 cells");
        await page.HasAsync("#map td.faster", 12);
        var report = Path.Combine(folder, "grid", "report.html");
        await Wait.UntilAsync(() => Task.FromResult(File.Exists(report)));
        const string again = "layerbench run grid.yaml    # grid.yaml: the sweep";
        (await File.ReadAllTextAsync(Path.Combine(folder, "grid", "environment.json"))).ShouldContain(again);
        (await File.ReadAllTextAsync(report)).ShouldContain(again);
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatWaitsWhenServeEndsGoesOnWhenItIsStartedAgain()
    {
        Core.SweepId waiting;
        Core.SweepId paused;
        Core.SweepId cancelled;
        await using (var server = await ServeAsync(Journal()))
        {
            waiting = await SubmitAsync(server, Texts.Sweep(2, "waiting"));
            paused = await SubmitAsync(server, Texts.Sweep(3, "paused"), priority: 7);
            cancelled = await SubmitAsync(server, Texts.Sweep(4, "cancelled"));
            await server.OrderAsync(paused, SweepCommand.Pause);
            await server.OrderAsync(cancelled, SweepCommand.Cancel);
        }

        await using var again = await GoOnAsync();
        (await again.Sweeps.ListAsync(new SweepQuery(10)))
            .Sweeps.Select(s => (s.Id, s.Stage, s.User, s.Priority))
            .ShouldBe([(paused, SweepStage.Paused, "local", 7), (waiting, SweepStage.Waiting, "local", 0)]);
        again.RunSubmitted();
        await again.ReachesAsync(waiting, SweepStage.Finished);
        await again.OrderAsync(paused, SweepCommand.Resume);
        await again.ReachesAsync(paused, SweepStage.Finished);
    }

    [Fact]
    public async Task WhatHasBeenRunIsNotRunByTheNextServe()
    {
        await using (var server = await ServeAsync(Journal()))
        {
            server.RunSubmitted();
            await server.ReachesAsync(await SubmitAsync(server, Texts.Sweep(2)), SweepStage.Finished);
        }

        await using var again = await GoOnAsync();
        again.Sweeps.Own.All.ShouldBeEmpty();
    }

    [Fact]
    public void OneServeAtATimeKeepsWhatWaitsInAFolder()
    {
        using var first = Journal();

        var refused = Should.Throw<Engine.Stores.StoreException>(Journal);

        refused.Message.ShouldStartWith(
            $"'{folder}' is in use by layerbench process {Environment.ProcessId} (started "
        );
    }

    [Fact]
    public async Task WhatFailedIsRunAgainFromTheBrowser()
    {
        await using var server = await ServeAsync();
        server.RunSubmitted();
        var id = await SubmitAsync(server, Texts.Sweep(2, fault: "crash"));
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await page.SaysAsync("#progress-text", "finished: 2 of 2 cells");
        await page.SaysAsync("#rows tbody", "poisoned");
        await page["#failures .link"].First.ClickAsync();
        await page.SaysAsync("#rows .status", "Rows 1 to 2 of 2 (4 in all)");
        var incidents = (await server.Sweeps.Results.IncidentsAsync(id)).Count;

        await page.OrderAsync("rerun");

        await Wait.UntilAsync(async () => (await server.Sweeps.Results.IncidentsAsync(id)).Count == 2 * incidents);
        await page.SaysAsync("#failures .status", $"{2 * incidents} incidents");
        await page.SaysAsync("#progress-text", "finished: 2 of 2 cells");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task SweepsOfOtherProcessesAreThereAlsoTwoOfOneName()
    {
        var file = Path.Combine(folder, "grid.yaml");
        await File.WriteAllTextAsync(file, Texts.Grid());
        foreach (var output in (string[])["a", "b"])
        {
            (await RunAsync("run", file, "--out", Path.Combine(folder, output), "--quiet")).Code.ShouldBe(
                ExitCode.Done
            );
        }

        await using var server = await ServeAsync();
        await using var page = await chromium.LiveAsync(server.Address);
        await page.HasAsync("table.list tbody tr", 2);
        await page["table.list a[title$='~2']"].ClickAsync();

        await page.SaysAsync("#progress-text", "finished: 12 of 12 cells");
        await page.HasAsync("#map td.faster", 12);
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task AStoreThatIsBeingWrittenIsFollowed()
    {
        var file = Path.Combine(folder, "grid.yaml");
        await File.WriteAllTextAsync(file, Texts.Grid());
        (await RunAsync("run", file, "--out", Path.Combine(folder, "a"), "--quiet")).Code.ShouldBe(ExitCode.Done);
        await using var open = OutputFolder.Open(Path.Combine(folder, "a"), TimeProvider.System);
        var sweep = (await open.Store.SweepsAsync()).Single().Id;
        var cells = await open.Store.CellsAsync(sweep).ToListAsync();
        await open.Store.ReopenAsync(sweep, ["completed"]);
        await using var server = await ServeAsync();
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{sweep}");
        await page.SaysAsync("#progress-text", "running: 0 of 12 cells");
        await page.HasAsync("#save-csv", 1);
        await page.HasAsync("[id^=do-]", 0);

        await open.Store.FinishAsync(sweep, [cells[0]]);

        await page.SaysAsync("#progress-text", "running: 1 of 12 cells");
        await page.HasAsync("#map td:not(:empty)", 1);
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task RunShowsThePageAndEndsWithTheRunInAScript()
    {
        var file = Path.Combine(folder, "grid.yaml");
        await File.WriteAllTextAsync(file, Texts.Grid());

        var (code, output, error) = await RunAsync("run", file, "--out", Path.Combine(folder, "a"), "--web", "0");

        code.ShouldBe(ExitCode.Done, error);
        error.ShouldStartWith("watch: http://127.0.0.1:");
        output.ShouldContain("other");
    }

    [Fact]
    public async Task APortThatIsTakenIsSaid()
    {
        await using var server = await ServeAsync();
        var port = new Uri(server.Address).Port;
        var file = Path.Combine(folder, "grid.yaml");
        await File.WriteAllTextAsync(file, Texts.Grid());

        var (code, _, error) = await RunAsync("run", file, "--out", Path.Combine(folder, "a"), "--web", $"{port}");

        code.ShouldBe(ExitCode.BadInput);
        error.ShouldStartWith($"error: --port {port}: cannot listen on http://127.0.0.1:{port}");
    }

    [Fact]
    public async Task WithoutTokensItListensOnLoopbackAlone()
    {
        var refused = await Should.ThrowAsync<Core.BadInputException>(() =>
            PageServer.StartAsync(
                new PageAddress(0, "0.0.0.0"),
                [folder],
                place,
                TimeProvider.System,
                TestContext.Current.CancellationToken
            )
        );

        refused.Messages.ShouldBe([
            "Tokens: is missing, and http://0.0.0.0:0 can be reached from other machines; name a token file (layerbench token new makes its lines), or listen on 127.0.0.1",
        ]);
    }

    private Task<PageServer> ServeAsync(RunJournal? journal = null) =>
        PageServer.StartAsync(
            new PageAddress(0),
            [folder],
            place,
            TimeProvider.System,
            TestContext.Current.CancellationToken,
            journal
        );

    private RunJournal Journal() => RunJournal.Open(folder, TimeProvider.System);

    private async Task<PageServer> GoOnAsync()
    {
        var journal = Journal();
        var kept = await journal.ReadAsync(TestContext.Current.CancellationToken);
        var server = await ServeAsync(journal);
        (await server.Sweeps.Own.GoOnAsync(kept)).ShouldBeEmpty();
        return server;
    }

    private static async Task<Core.SweepId> SubmitAsync(PageServer server, string text, int? priority = null)
    {
        var answer = await server.Sweeps.SubmitAsync(
            new SweepSubmission(text, [], Priority: priority),
            new Core.Access.Caller("local", Core.Access.Role.Admin)
        );
        return answer.ShouldBeOfType<SubmitAnswer.Accepted>().Status.Id;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(
            output,
            error,
            outputIsTerminal: false,
            errorIsTerminal: false,
            colour: false,
            movesCursor: false,
            Terminal.Unfolded
        );
        var code = await Composition.InvokeAsync(args, terminal, TimeProvider.System);
        return (code, output.ToString(), error.ToString());
    }
}
