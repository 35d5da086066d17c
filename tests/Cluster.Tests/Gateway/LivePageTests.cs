using Layerbench.Report.Page;
using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Cluster.Tests.Gateway;

/// <summary>The live page of the gateway's program, in a real browser over a real silo.</summary>
public sealed class LivePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const int Cells = 60;

    private static readonly LocatorAssertionsToContainTextOptions patient = new() { Timeout = 120_000 };

    [Fact]
    public async Task ASweepIsSubmittedAndWatchedToItsEnd()
    {
        Assert.SkipWhen(LiveAssets.OfBuild.Missing is not null, $"no live page: {LiveAssets.OfBuild.Missing}");
        await using var cluster = await TestCluster.StartAsync(silos: 1, devicesEach: 2);
        using var gateway = await RunningGateway.StartAsync(cluster);
        await using var page = await chromium.OpenAsync($"{gateway.Address}/#/nodes", network: true);
        await SaysAsync(page, "main", "1 node, 2 devices");

        await page["#nav a:text-is('Submit')"].ClickAsync();
        await page[".cm-content"].ClickAsync();
        await page.Page.Keyboard.PressAsync("Control+a");
        await page.Page.Keyboard.TypeAsync($"simulated: {Cells}");
        await SaysAsync(page, "#checked", $"Good: simulated, {Cells} cells.");
        await page["#submit"].ClickAsync();

        await SaysAsync(page, "#progress-text", $"finished: {Cells} of {Cells} cells");
        await SaysAsync(page, "#rows .status", "Rows 1 to 50 of ");
        await SaysAsync(page, ".log", "ended: finished");
        page.Said.ShouldBeEmpty();
    }

    private static Task SaysAsync(OpenPage page, string selector, string text) =>
        Assertions.Expect(page[selector]).ToContainTextAsync(text, patient);
}
