using Layerbench.Report.Page;
using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Web.Tests.Live;

/// <summary>The live page in the browser.</summary>
internal static class LivePages
{
    /// <param name="address">The server's.</param>
    /// <param name="at">Of the page, e.g. <c>sweeps/ID</c>.</param>
    public static Task<OpenPage> LiveAsync(
        this Chromium chromium,
        string address,
        string at = "",
        ColorScheme scheme = ColorScheme.Light,
        (int Width, int Height)? size = null
    )
    {
        Assert.SkipWhen(
            LiveAssets.OfBuild.Missing is not null,
            $"built without the live page: {LiveAssets.OfBuild.Missing}"
        );
        return chromium.OpenAsync($"{address}/#/{at}", network: true, scheme, size);
    }

    /// <summary>Where Playwright waits, so that a machine under load is no failure.</summary>
    public static readonly LocatorAssertionsToContainTextOptions Patient = new() { Timeout = 60_000 };

    public static Task SaysAsync(this OpenPage page, string selector, string text) =>
        Assertions.Expect(page[selector]).ToContainTextAsync(text, Patient);

    public static Task HasAsync(this OpenPage page, string selector, int count) =>
        Assertions.Expect(page[selector]).ToHaveCountAsync(count, new() { Timeout = 60_000 });

    /// <summary>Gives an order and says yes.</summary>
    public static async Task OrderAsync(this OpenPage page, string command)
    {
        await page[$"#do-{command}"].ClickAsync(new() { Timeout = 60_000 });
        await page["dialog button"].First.ClickAsync();
    }
}
