using System.Text.Json.Nodes;
using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Web.Tests.Live;

/// <summary>What somebody sees of a sweep, in a real browser over a real server and store.</summary>
public sealed class WatchingTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task ASweepIsWatchedToItsEndWhileTheMapFills()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Grid())).Id;
        await using var page = await chromium.LiveAsync(server.Address);
        await page.SaysAsync("table.list tbody", "grid");
        await page["table.list a"].ClickAsync();
        await page.SaysAsync("#progress-text", "waiting: 0 of 12 cells");
        await page.SaysAsync("#answer", "Nothing has been measured yet.");
        (await page["#map"].IsVisibleAsync()).ShouldBeFalse();
        (await page["#trust"].IsVisibleAsync()).ShouldBeFalse();

        await server.Engine.RunAsync(id);

        await page.SaysAsync("#progress-text", "finished: 12 of 12 cells");
        await page.SaysAsync("#answer", "other is faster than base in 12 of 12 cells, by up to 1.1");
        await page.SaysAsync("#map .status", "other in 12 cells: 12 faster, 0 slower, 0 equivalent, 0 inconclusive.");
        await page.HasAsync("#map td.faster", 12);
        await page.SaysAsync("#answer .concern", "Simulated: these numbers were computed, nothing was measured.");
        await page.SaysAsync("#trust .concern >> nth=0", "controls: look at this");
        await page.SaysAsync("#trust", "noise95% intervals of the ratios are ±");
        await page.SaysAsync("#trust", "drift");
        await page.SaysAsync("#verdicts tbody", "other12000");
        await page.SaysAsync("#rows .status", "Rows 1 to 24 of 24");
        await page.SaysAsync(".log", "ended: finished");
        await page.ScreenAsync("live-sweep");
        (await page.SeriousAsync()).ShouldBe("");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task BeforeACellHasEndedLaunchesAndTheCellThatADeviceIsAtAreShown()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(2))).Id;
        var sweep = server.Engine[id];
        var (now, device) = (sweep.Record.CreatedAt, new DeviceId("cpu"));
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");

        sweep.Tell(new EngineEvent.SweepStarted(now, id, 2, 0, []));
        sweep.Tell(new EngineEvent.CellStarted(now, device, sweep.Plan.At(1)!, LaunchKind.Time, 2));
        sweep.Tell(
            new EngineEvent.ProgressMade(
                now,
                new SweepProgress(2, 0, 0, 0, 2, false, false),
                null,
                7,
                LaunchesExpected: 14
            )
        );

        await page.SaysAsync("#progress-text", "0 of 2 cells, 7 of about 14 launches");
        (await page["progress"].EvaluateAsync<double>("bar => bar.position")).ShouldBe(0.5);
        await page.SaysAsync("#log .counts", "cpu time launch 3, pass=forward");
        await page.SaysAsync("#log .counts", "replicate=2");
        (await page["#rows table"].IsVisibleAsync()).ShouldBeFalse();
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheMapTakesAnyTwoAxesAndChoosersKeepTheFocus()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Grid())).Id;
        await server.Engine.RunAsync(id);
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await page.HasAsync("#map td.faster", 12);

        await page["#map-y"].SelectOptionAsync("(none)");
        await page.HasAsync("#map td.faster", 4);
        await page.SaysAsync("#map .status", "other in 12 cells");
        await page["#map-at\\.memory_mib"].SelectOptionAsync("64");
        await page.SaysAsync("#map .status", "other in 4 cells: 4 faster");
        await page["#map-x"].FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowUp");

        await page.SaysAsync("#map caption", "across memory_mib");
        await Assertions.Expect(page["#map-x"]).ToBeFocusedAsync();
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task CellsAreSortedFilteredAndTurnedOnTheServer()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(60))).Id;
        await server.Engine.RunAsync(id);
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await page.SaysAsync("#rows .status", "Rows 1 to 50 of 120");

        await page["#rows .pages button:text-is('Next')"].PressAsync("Enter");
        await page.SaysAsync("#rows .status", "Rows 51 to 100 of 120");
        await page["#rows .sort:text-is('replicate')"].ClickAsync();
        await page["#rows .sort:text-is('replicate')"].ClickAsync();
        await page.SaysAsync("#rows tbody tr:first-child td:first-child", "60");
        await Assertions.Expect(page["#rows th[aria-sort=descending]"]).ToHaveTextAsync("replicate");
        await page["#rows-find"].FillAsync("replicate=7 other");
        await page.SaysAsync("#rows .status", "Rows 1 to 1 of 1 (120 in all)");
        await page["#rows-find"].FillAsync("");
        await page["#rows-verdict"].SelectOptionAsync("faster");
        await page.SaysAsync("#rows .status", "Rows 1 to 50 of 60 (120 in all)");
        await page["#rows-outcome"].SelectOptionAsync("failures");
        await page.SaysAsync("#rows .status", "No row matches.");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task FailuresHaveTheirReasonAndTheEndOfTheirStderr()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(1))).Id;
        for (var n = 1; n <= 25; n++)
        {
            await server.Engine.Store.RecordIncidentAsync(
                id,
                new Incident(
                    null,
                    server.Engine[id].Record.CreatedAt,
                    new DeviceId("cpu"),
                    "error",
                    $"wrong {n}",
                    $"tail {n}"
                )
            );
        }

        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await page.SaysAsync("#failures .status", "25 incidents, the last one first; 20 shown");
        await page.SaysAsync(".failure >> nth=0", "wrong 25");
        await page[".failure summary"].First.PressAsync("Enter");
        (await page[".failure pre"].First.InnerTextAsync()).ShouldBe("tail 25");
        await page["#failures .pages button"].ClickAsync();
        await page.HasAsync(".failure", 25);
        (await page.SeriousAsync()).ShouldBe("");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task HostileNamesRunNothing()
    {
        const string hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>'\"";
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Grid(question: hostile, label: hostile))).Id;
        await server.Engine.RunAsync(id);
        await server.Engine.Store.RecordIncidentAsync(
            id,
            new Incident(null, server.Engine[id].Record.CreatedAt, new DeviceId(hostile), hostile, hostile, hostile)
        );
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");

        await page.SaysAsync(".question", hostile);
        await page.SaysAsync("#answer", $"{hostile} is faster than base");
        await page.SaysAsync(".failure", hostile);
        await page.HasAsync("#map td.faster", 12);
        await page["#spec summary"].ClickAsync();
        await page.SaysAsync("#spec pre", "alert(2)");
        (await page["img"].CountAsync()).ShouldBe(0);
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task ALostConnectionIsTakenUpAgainWithWhatCameMeanwhile()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Grid())).Id;
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await page.SaysAsync("#progress-text", "0 of 12 cells");

        await server.RestartAsync(async () =>
        {
            await page.SaysAsync(".notice >> nth=0", "The connection is lost; trying again.");
            await server.Engine.RunAsync(id);
        });

        await page.SaysAsync("#progress-text", "finished: 12 of 12 cells");
        await page.HasAsync("#map td.faster", 12);
        await page.SaysAsync(".log", "ended: finished");
        (await page[".notice >> nth=0"].TextContentAsync()).ShouldBe("");
    }

    [Fact]
    public async Task TwoBrowsersSeeTheSame()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Grid())).Id;
        await using var one = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await using var other = await chromium.LiveAsync(server.Address, $"sweeps/{id}", ColorScheme.Dark, (360, 740));
        await one.OrderAsync("pause");
        await other.SaysAsync("#progress-text", "paused: 0 of 12 cells");
        await other.OrderAsync("resume");
        await one.SaysAsync("#progress-text", "waiting: 0 of 12 cells");

        await server.Engine.RunAsync(id);

        foreach (var page in (OpenPage[])[one, other])
        {
            await page.SaysAsync("#progress-text", "finished: 12 of 12 cells");
            await page.HasAsync("#map td.faster", 12);
            page.Said.ShouldBeEmpty();
        }

        await other.ScreenAsync("live-phone-dark");
        (await other.BackgroundAsync()).ShouldBe("rgb(15, 18, 22)");
        (await other.WidthAsync()).ShouldBeLessThanOrEqualTo(360);
        (await other.SeriousAsync()).ShouldBe("");
    }

    [Fact]
    public async Task ASweepOfMoreCellsThanAreJudgedSaysSo()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Grid())).Id;
        await server.Engine.RunAsync(id);
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await page.SaysAsync("#progress-text", "finished: 12 of 12 cells");
        await Assertions.Expect(page["#capped"]).ToBeHiddenAsync();
        await page.Page.RouteAsync(
            "**/overview",
            async route =>
            {
                var answer = JsonNode.Parse(await (await route.FetchAsync()).TextAsync())!;
                answer["most_judged"] = 5;
                await route.FulfillAsync(new() { ContentType = "application/json", Body = answer.ToJsonString() });
            }
        );
        await page.Page.ReloadAsync();

        await page.SaysAsync("#capped", "Only the first 5 of 12 finished cells are judged on this page");
        await page.SaysAsync("#capped", "The full report and results.csv have all.");
        (await page.SeriousAsync()).ShouldBe("");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task DevicesSayWhatTheyWorkForAndAreDrainedByAnAdmin()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await chromium.LiveAsync(server.Address, "nodes");
        await page.SaysAsync("main", "1 node, 1 device");
        await page.SaysAsync("main table", "idle");

        await page["main button:text-is('Drain')"].ClickAsync();
        await page["dialog button:text-is('Drain')"].ClickAsync();

        await page.SaysAsync("main .actions", "Work again");
        server.Engine.IsDraining.ShouldBeTrue();
        (await page.SeriousAsync()).ShouldBe("");
        page.Said.ShouldBeEmpty();
    }
}
