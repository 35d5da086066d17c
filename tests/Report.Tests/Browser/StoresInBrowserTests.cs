using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Report.Tests.Browser;

/// <summary>Reports of stores that are large, or that somebody writes to.</summary>
public class StoresInBrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task TenThousandCellsAreUsable()
    {
        await using var run = new MadeRun();
        for (var cell = 0; cell < 10_000; cell++)
        {
            run.Timed(cell, 1 + cell % 100, 64 * (1 + cell / 100), cell % 2 == 0 ? 0.5 : 2, count: 1);
        }

        await using var page = await chromium.OpenAsync(await run.ReadAsync());
        await page.Page.Locator("#win-map[data-drawn]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page["#cells-search"].FillAsync("batch=7 d_model=128 conv1d");
        await Assertions.Expect(page["#cells .status"]).ToHaveTextAsync("Rows 1 to 22 of 22 (20000 in all)");
        await page.ScreenAsync("report-10000");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task AStoreThatIsBeingWrittenIsReported()
    {
        await using var run = new MadeRun().Timed(0, 1, 64, 0.5);
        await run.WriteAsync();
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(
            async () =>
            {
                for (var n = 1; !stop.IsCancellationRequested; n++)
                {
                    await run.MoreAsync(n);
                }
            },
            TestContext.Current.CancellationToken
        );

        for (var times = 0; times < 5; times++)
        {
            await using var page = await chromium.OpenAsync(await run.ReportAsync());
            (await page["#answer"].InnerTextAsync()).ShouldContain("ffn.conv1d is faster than ffn.dense in");
            page.Said.ShouldBeEmpty();
        }

        await stop.CancelAsync();
        await writing;
    }
}
