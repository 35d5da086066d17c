using System.Collections.Concurrent;
using Layerbench.Report.Data;
using Layerbench.Report.Page;
using Microsoft.Playwright;

namespace Layerbench.Report.Tests.Browser;

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

    /// <summary>Screenshots are kept here, for people.</summary>
    private static string Screens { get; } = Checkout.File("artifacts", "screens");

    /// <summary>The accessibility checker, from the page's own build.</summary>
    public static string Axe { get; } =
        Checkout.File("artifacts", "report-app", "node_modules", "axe-core", "axe.min.js");

    public async ValueTask InitializeAsync()
    {
        if (places.FirstOrDefault(File.Exists) is not { } program)
        {
            return;
        }

        Directory.CreateDirectory(Screens);
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

    /// <summary>Writes the report, opens it from its file, and waits until its script is done.</summary>
    internal async Task<OpenPage> OpenAsync(
        ReportData data,
        ColorScheme scheme = ColorScheme.Light,
        (int Width, int Height)? size = null
    )
    {
        Assert.SkipWhen(browser is null, "there is no Chromium here; install the package chromium");
        Assert.SkipWhen(PageAssets.OfBuild.Script is null, $"built without charts: {PageAssets.OfBuild.Missing}");
        var (width, height) = size ?? (1200, 900);
        var context = await browser.NewContextAsync(
            new()
            {
                ColorScheme = scheme,
                ViewportSize = new() { Width = width, Height = height },
                Offline = true,
                AcceptDownloads = true,
            }
        );
        var page = await context.NewPageAsync();
        var said = new ConcurrentQueue<string>();
        page.Console += (_, message) => said.Enqueue($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => said.Enqueue($"page error: {error}");
        page.Dialog += async (_, dialog) =>
        {
            said.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (request.Url.StartsWith("http", StringComparison.Ordinal))
            {
                said.Enqueue($"request: {request.Url}");
            }
        };
        var file = Path.Combine(Directory.CreateTempSubdirectory("layerbench-page-").FullName, "report.html");
        await using (var stream = File.Create(file))
        {
            await ReportPage.WriteAsync(stream, data, assets: null, TestContext.Current.CancellationToken);
        }

        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await page.Locator("html[data-ready=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        return new OpenPage(page, context, file, said);
    }

    /// <summary>A page in the browser, and everything it said there.</summary>
    internal sealed class OpenPage(IPage page, IBrowserContext context, string file, ConcurrentQueue<string> said)
        : IAsyncDisposable
    {
        public IPage Page => page;

        /// <summary>Console messages, errors, dialogs and requests.</summary>
        public IReadOnlyCollection<string> Said => said;

        public ILocator this[string selector] => page.Locator(selector);

        /// <summary>Scrolls to every figure and waits until it is drawn; their ids, in the page's order.</summary>
        public async Task<IReadOnlyList<string>> DrawAllAsync()
        {
            List<string> drawn = [];
            foreach (var figure in await page.Locator(".figure").AllAsync())
            {
                await figure.ScrollIntoViewIfNeededAsync();
                var id = (await figure.GetAttributeAsync("id"))!;
                await page.Locator($"#{id}[data-drawn]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
                drawn.Add(id);
            }

            return drawn;
        }

        public Task ScreenAsync(string name) =>
            page.ScreenshotAsync(new() { Path = Path.Combine(Screens, $"{name}.png"), FullPage = true });

        /// <summary>Violations that axe calls serious or critical, with the elements.</summary>
        public async Task<string> SeriousAsync()
        {
            await page.EvaluateAsync(await File.ReadAllTextAsync(Axe));
            return await page.EvaluateAsync<string>(
                """
                async () => (await axe.run()).violations
                  .filter(v => v.impact === 'serious' || v.impact === 'critical')
                  .map(v => `${v.id}: ${v.nodes.map(n => `${n.target} ${n.failureSummary}`).join(' | ')}`)
                  .join('\n')
                """
            );
        }

        public async ValueTask DisposeAsync()
        {
            await context.DisposeAsync();
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }
}
