using Microsoft.Playwright;

namespace Layerbench.Tests.Shared.Browser;

/// <summary>One real browser for all tests of pages; tests are skipped, by reason, where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] places =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>The accessibility checker, from the pages' own build.</summary>
    public static string Axe { get; } =
        Checkout.File("artifacts", "report-app", "node_modules", "axe-core", "axe.min.js");

    public async ValueTask InitializeAsync()
    {
        if (places.FirstOrDefault(File.Exists) is not { } program)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = program,
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    /// <summary>Opens an address in a profile of its own, and waits until the page's script is done.</summary>
    /// <param name="network">False: only what is asked of it without a network.</param>
    internal async Task<OpenPage> OpenAsync(
        string address,
        bool network,
        ColorScheme scheme = ColorScheme.Light,
        (int Width, int Height)? size = null
    )
    {
        Assert.SkipWhen(browser is null, "there is no Chromium here; install the package chromium");
        var (width, height) = size ?? (1200, 900);
        var context = await browser.NewContextAsync(
            new()
            {
                ColorScheme = scheme,
                ViewportSize = new() { Width = width, Height = height },
                Offline = !network,
                AcceptDownloads = true,
            }
        );
        var page = new OpenPage(await context.NewPageAsync(), network ? address : null, context.DisposeAsync);
        await page.Page.GotoAsync(address);
        await page.ReadyAsync();
        return page;
    }
}
