using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Layerbench.Tests.Shared.Browser;

/// <summary>A page in the browser, and everything it said there.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly string? home;
    private readonly Func<ValueTask> close;
    private readonly ConcurrentQueue<string> said = new();

    /// <param name="home">The only server that may be asked for anything; null: none.</param>
    /// <param name="close">Ends it.</param>
    public OpenPage(IPage page, string? home, Func<ValueTask> close)
    {
        (Page, this.home, this.close) = (page, home, close);
        var origin = home is null ? null : new Uri(home).GetLeftPart(UriPartial.Authority);
        page.Console += (_, message) => said.Enqueue($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => said.Enqueue($"page error: {error}");
        page.Dialog += async (_, dialog) =>
        {
            said.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (
                request.Url.StartsWith("http", StringComparison.Ordinal)
                && (origin is null || !request.Url.StartsWith(origin, StringComparison.Ordinal))
            )
            {
                said.Enqueue($"request: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Console messages, errors, dialogs, and requests to anywhere else.</summary>
    public IReadOnlyCollection<string> Said => said;

    public ILocator this[string selector] => Page.Locator(selector);

    /// <summary>Screenshots are kept here, for people.</summary>
    private static string Screens { get; } = Checkout.File("artifacts", "screens");

    public Task ReadyAsync() =>
        Page.Locator("html[data-ready=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

    /// <summary>The page that a click opens in a tab of its own.</summary>
    public async Task<OpenPage> OpensAsync(string selector)
    {
        var opened = await Page.Context.RunAndWaitForPageAsync(() => this[selector].ClickAsync());
        var page = new OpenPage(opened, home, async () => await opened.CloseAsync());
        await page.ReadyAsync();
        return page;
    }

    /// <summary>Scrolls to every figure and waits until it is drawn; their ids, in the page's order.</summary>
    public async Task<IReadOnlyList<string>> DrawAllAsync()
    {
        List<string> drawn = [];
        foreach (var figure in await Page.Locator(".figure").AllAsync())
        {
            await figure.ScrollIntoViewIfNeededAsync();
            var id = (await figure.GetAttributeAsync("id"))!;
            await Page.Locator($"#{id}[data-drawn]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
            drawn.Add(id);
        }

        return drawn;
    }

    public Task ScreenAsync(string name) =>
        Page.ScreenshotAsync(new() { Path = Path.Combine(Screens, $"{name}.png"), FullPage = true });

    /// <summary>Violations that axe calls serious or critical, with the elements.</summary>
    public async Task<string> SeriousAsync()
    {
        Assert.SkipUnless(File.Exists(Chromium.Axe), "the page's packages were not fetched, axe-core among them");
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Chromium.Axe));
        return await Page.EvaluateAsync<string>(
            """
            async () => (await axe.run()).violations
              .filter(v => v.impact === 'serious' || v.impact === 'critical')
              .map(v => `${v.id}: ${v.nodes.map(n => `${n.target} ${n.failureSummary}`).join(' | ')}`)
              .join('\n')
            """
        );
    }

    public Task<string> BackgroundAsync() =>
        Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    /// <summary>Pixels of what it holds that are beyond its edge.</summary>
    public Task<int> CutOffAsync(string selector) =>
        Page.Locator(selector).EvaluateAsync<int>("e => e.scrollWidth - e.clientWidth");

    public Task<int> WidthAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");

    public ValueTask DisposeAsync() => close();
}
