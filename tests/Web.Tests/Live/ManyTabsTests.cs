using Layerbench.Core;
using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Web.Tests.Live;

/// <summary>A browser opens six connections to a server, of all its tabs together.</summary>
public sealed class ManyTabsTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task TabsThatNobodyLooksAtHoldNoConnectionAndMissNothing()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(2))).Id;
        var sweep = server.Engine[id];
        var (now, device) = (sweep.Record.CreatedAt, new DeviceId("cpu"));
        sweep.Tell(new EngineEvent.SweepStarted(now, id, 2, 0, []));
        await using var first = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await first.SaysAsync(".log", "started: 2 cells");
        await LookAsync(first.Page, away: true);

        for (var tab = 2; tab <= 8; tab++)
        {
            var page = await first.Page.Context.NewPageAsync();
            await page.GotoAsync(first.Page.Url);
            await Assertions.Expect(page.Locator(".log")).ToContainTextAsync("started: 2 cells", LivePages.Patient);
            await LookAsync(page, away: true);
        }

        sweep.Tell(new EngineEvent.SliceLeased(now, device, 2, Attempt: 1));
        await LookAsync(first.Page, away: false);

        await first.SaysAsync(".log", "cpu takes 2 cells");
        await first.HasAsync(".log li", 2);
        first.Said.ShouldBeEmpty();
    }

    /// <summary>A page without a window is always looked at, so it is told otherwise.</summary>
    private static Task LookAsync(IPage page, bool away) =>
        page.EvaluateAsync(
            """
            away => {
              Object.defineProperty(document, 'hidden', { configurable: true, get: () => away });
              document.dispatchEvent(new Event('visibilitychange'));
            }
            """,
            away
        );
}
