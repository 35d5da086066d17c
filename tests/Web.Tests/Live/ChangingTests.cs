using Layerbench.Core.Access;
using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Web.Tests.Live;

/// <summary>What somebody may do on the live page, and what not.</summary>
public sealed class ChangingTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string eve = AccessToken.Of([.. Enumerable.Repeat((byte)7, AccessToken.Size)]);
    private static readonly string ann = AccessToken.Of([.. Enumerable.Repeat((byte)8, AccessToken.Size)]);
    private static readonly string old = AccessToken.Of([.. Enumerable.Repeat((byte)9, AccessToken.Size)]);

    private static readonly TokenEntry[] lines =
    [
        new("eve", Role.View, Expires: null, AccessToken.HashOf(eve)),
        new("ann", Role.Submit, Expires: null, AccessToken.HashOf(ann)),
        new("old", Role.Admin, new DateTimeOffset(2020, 1, 2, 3, 4, 0, TimeSpan.Zero), AccessToken.HashOf(old)),
    ];

    [Fact]
    public async Task ATokenIsTypedInOnceAndNeverStandsInAnAddress()
    {
        await using var server = await TestServer.StartAsync(lines);
        await using var page = await chromium.LiveAsync(server.Address);
        await page.SaysAsync("h1", "This server wants a token");
        (await page.SeriousAsync()).ShouldBe("");
        page.Said.ShouldBeEmpty();

        await TypeAsync(page, "lbt_wrong");
        await page.SaysAsync("main [role=alert]", "this server does not know the token");
        await TypeAsync(page, old);
        await page.SaysAsync("main [role=alert]", "the token of 'old' expired at 2020-01-02 03:04 UTC");
        await TypeAsync(page, ann);
        await page.SaysAsync("#who", "ann (submit)");

        await page.Page.ReloadAsync();
        await page.SaysAsync("#who", "ann (submit)");
        page.Page.Url.ShouldNotContain(ann);
        (await page.Page.Context.CookiesAsync()).ShouldBeEmpty("a browser would send it for any page");
        await page["#who button"].ClickAsync();
        await page.SaysAsync("h1", "This server wants a token");
    }

    [Fact]
    public async Task AViewerSeesNoButtonsAndIsRefusedAllTheSame()
    {
        await using var server = await TestServer.StartAsync(lines);
        using var submitter = server.Client(ann);
        var id = await server.SubmitAsync(Texts.Grid(), submitter);
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await TypeAsync(page, eve);
        await page.SaysAsync("#progress-text", "waiting: 0 of 12 cells");

        (await page["[id^=do-]"].CountAsync()).ShouldBe(0);
        (await page["#nav"].InnerTextAsync()).ShouldNotContain("Submit");
        using var viewer = server.Client(eve);
        using var refused = await viewer.PostAsync($"/api/v1/sweeps/{id}/pause", content: null);
        refused.StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);

        await using var other = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await TypeAsync(other, ann);
        await other.HasAsync("[id^=do-]", 2);
    }

    [Fact]
    public async Task WhatIsWrongStandsUnderItsLineAndASweepThatIsRightIsSubmitted()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await chromium.LiveAsync(server.Address, "submit");
        await page.SaysAsync("#checked", "Good: my-sweep, 5 cells.");
        await page[".cm-content"].ClickAsync();
        await page.Page.Keyboard.PressAsync("Control+End");
        await page.Page.Keyboard.TypeAsync("measure: { launches: many }");

        await page.SaysAsync("#checked", "1 error.");
        await page.SaysAsync(".cm-wrong", "many");
        await page.SaysAsync("#errors", "measure.launches");
        await Assertions.Expect(page["#submit"]).ToBeDisabledAsync();
        await page.ScreenAsync("live-submit");
        (await page.SeriousAsync()).ShouldBe("");

        await page[".cm-content"].ClickAsync();
        await page.Page.Keyboard.PressAsync("Control+End");
        for (var letter = 0; letter < "many }".Length; letter++)
        {
            await page.Page.Keyboard.PressAsync("Backspace");
        }

        await page.Page.Keyboard.TypeAsync("6 }");
        await page.SaysAsync("#checked", "Good: my-sweep, 5 cells.");
        await page["#submit"].ClickAsync();
        await page.SaysAsync("#progress-text", "waiting: 0 of 5 cells");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task KeysAndNamesAreCompletedFromTheSchema()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await chromium.LiveAsync(server.Address, "submit", ColorScheme.Dark);
        await page.SaysAsync("#checked", "Good");
        await page[".cm-content"].ClickAsync();
        await page.Page.Keyboard.PressAsync("Control+End");
        await page.Page.Keyboard.TypeAsync("meas");
        await page.SaysAsync(".cm-tooltip-autocomplete", "measure");
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.Keyboard.TypeAsync("ure:\n  bl");
        await page.SaysAsync(".cm-tooltip-autocomplete", "blocks");
        await page.ScreenAsync("live-complete-dark");
        (await page.SeriousAsync()).ShouldBe("");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task NothingIsDoneWithoutAYes()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Grid())).Id;
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await page["#do-cancel"].ClickAsync();
        await page.SaysAsync("dialog", "Cancel grid? What has been measured stays");
        await page.Page.Keyboard.PressAsync("Escape");
        await page.HasAsync("dialog", 0);
        server.Engine[id].Cancelled.ShouldBeFalse();

        await page.OrderAsync("cancel");

        await page.SaysAsync("#progress-text", "cancelled: 0 of 12 cells");
        server.Engine[id].Cancelled.ShouldBeTrue();
        page.Said.ShouldBeEmpty();
    }

    private static async Task TypeAsync(OpenPage page, string token)
    {
        await page["#token"].FillAsync(token);
        await page["#token"].PressAsync("Enter");
    }
}
