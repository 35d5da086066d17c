using Layerbench.Core.Access;
using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Web.Tests.Live;

/// <summary>What somebody writes on the live page is there until it is submitted.</summary>
public sealed class WritingTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string ann = AccessToken.Of([.. Enumerable.Repeat((byte)8, AccessToken.Size)]);
    private static readonly TokenEntry line = new("ann", Role.Submit, Expires: null, AccessToken.HashOf(ann));

    [Fact]
    public async Task ADraftOutlivesThePageAReloadAndTheToken()
    {
        await using var server = await TestServer.StartAsync(line);
        await using var page = await chromium.LiveAsync(server.Address, "submit");
        await TypeTokenAsync(page);
        await page.SaysAsync("#checked", "Good: my-sweep, 5 cells.");
        await WriteAsync(page, "# mine");
        await page["#submit-name"].FillAsync("renamed");

        await page["#nav a:text-is('Sweeps')"].ClickAsync();
        await page.SaysAsync("h1", "Sweeps");
        await page["#nav a:text-is('Submit')"].ClickAsync();
        await page.SaysAsync(".cm-content", "# mine");
        await page.Page.ReloadAsync();
        await page.SaysAsync(".cm-content", "# mine");
        await page["#who button"].ClickAsync();
        await page.SaysAsync("h1", "This server wants a token");
        await TypeTokenAsync(page);
        await page.SaysAsync(".cm-content", "# mine");

        await Assertions.Expect(page["#submit-name"]).ToHaveValueAsync("renamed");
        await page.SaysAsync("#checked", "Good: my-sweep, 5 cells.");
        await page["#submit"].ClickAsync();
        await page.SaysAsync("h1", "renamed");
        await page["#nav a:text-is('Submit')"].ClickAsync();
        await page.SaysAsync("#checked", "Good: my-sweep, 5 cells.");
        await Assertions.Expect(page[".cm-content"]).Not.ToContainTextAsync("# mine");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhoComesForAnotherSweepGetsItsTextInPlaceOfTheDraft()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Grid())).Id;
        await using var page = await chromium.LiveAsync(server.Address, "submit");
        await page.SaysAsync("#checked", "Good");
        await WriteAsync(page, "# before");
        await page["#nav a:text-is('Sweeps')"].ClickAsync();
        await page["table.list a"].ClickAsync(new() { Timeout = 60_000 });

        await page["a:text-is('Submit one like it')"].ClickAsync(new() { Timeout = 60_000 });
        await page.SaysAsync("#checked", "Good: grid, 12 cells.");
        await Assertions.Expect(page[".cm-content"]).Not.ToContainTextAsync("# before");
        await WriteAsync(page, "# after");
        await page.Page.ReloadAsync();

        await page.SaysAsync(".cm-content", "# after");
        await page.SaysAsync(".cm-content", "name: grid");
        page.Page.Url.ShouldBe($"{server.Address}/#/submit");
        page.Said.ShouldBeEmpty();
        id.Value.ShouldStartWith("grid-");
    }

    [Fact]
    public async Task TheSkipLinkGoesToTheContentAndToNoOtherPage()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await chromium.LiveAsync(server.Address, "submit");
        await page.SaysAsync("#checked", "Good");

        await page.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page[".skip"]).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page["#main"]).ToBeFocusedAsync();
        page.Page.Url.ShouldBe($"{server.Address}/#/submit");
        await page.SaysAsync("h1", "Submit a sweep");
        page.Said.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task TheCaretHasTheColourOfTheText(ColorScheme scheme)
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await chromium.LiveAsync(server.Address, "submit", scheme);
        await page.SaysAsync("#checked", "Good");

        var (caret, text) = (await ColourAsync(page, "caretColor"), await ColourAsync(page, "color"));

        caret.ShouldBe(text);
    }

    private static Task<string> ColourAsync(OpenPage page, string name) =>
        page[".cm-content"].EvaluateAsync<string>("(e, name) => getComputedStyle(e)[name]", name);

    private static async Task WriteAsync(OpenPage page, string text)
    {
        await page[".cm-content"].ClickAsync();
        await page.Page.Keyboard.PressAsync("Control+End");
        await page.Page.Keyboard.TypeAsync(text);
    }

    private static async Task TypeTokenAsync(OpenPage page)
    {
        await page["#token"].FillAsync(ann);
        await page["#token"].PressAsync("Enter");
    }
}
