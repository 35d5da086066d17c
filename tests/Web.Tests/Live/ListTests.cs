using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Web.Tests.Live;

/// <summary>The list of sweeps, and the way from it to one of them.</summary>
public sealed class ListTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task ALinkInTheListKeepsTheFocusWhileItsSweepGoesOn()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Grid())).Id;
        await server.SubmitAsync(Texts.Sweep(2));
        await using var page = await chromium.LiveAsync(server.Address);
        await page.HasAsync("table.list tbody tr", 2);
        await page[$"table.list a[href$='{id}']"].FocusAsync();

        await server.Engine.RunAsync(id);

        await page.SaysAsync("table.list tbody", "12 of 12");
        await Assertions.Expect(page[$"table.list a[href$='{id}']"]).ToBeFocusedAsync();
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task OnAPhoneTheListTheVerdictsAndTheTrustAreWhole()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Grid(label: "ffn.residual_relu"))).Id;
        await server.Engine.RunAsync(id);
        await using var page = await chromium.LiveAsync(server.Address, size: (360, 740));
        await page.SaysAsync("table.list tbody", "12 of 12");
        (await page.CutOffAsync("[aria-label='Table of sweeps']")).ShouldBe(0);

        await page["table.list a"].ClickAsync();
        await page.SaysAsync("#trust", "noise");

        (await page.CutOffAsync("[aria-label='Verdicts by variant']")).ShouldBe(0);
        (await page.WidthAsync()).ShouldBeLessThanOrEqualTo(360);
        (await page.SeriousAsync()).ShouldBe("");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnEmptyServerAndASweepOfOneCellAreShown()
    {
        await using var server = await TestServer.StartAsync();
        await using var page = await chromium.LiveAsync(server.Address);
        await page.SaysAsync(".status >> nth=0", "There are no sweeps yet.");
        (await page.SeriousAsync()).ShouldBe("");

        var id = (await server.SubmitAsync(Texts.Sweep(1))).Id;
        await server.Engine.RunAsync(id);
        await page["table.list a"].ClickAsync(new() { Timeout = 60_000 });

        await page.SaysAsync("#progress-text", "finished: 1 of 1 cell");
        await page.HasAsync("#map td.faster", 1);
        page.Said.ShouldBeEmpty();
    }
}
