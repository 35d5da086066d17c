using System.Net;
using Layerbench.Core.Access;
using Layerbench.Tests.Shared.Browser;

namespace Layerbench.Web.Tests.Live;

/// <summary>The whole report, opened from the live page or fetched.</summary>
public sealed class FullReportTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string eve = AccessToken.Of([.. Enumerable.Repeat((byte)7, AccessToken.Size)]);
    private static readonly TokenEntry line = new("eve", Role.View, Expires: null, AccessToken.HashOf(eve));
    private static readonly TokenEntry root = new(
        "root",
        Role.Admin,
        Expires: null,
        AccessToken.HashOf(AccessToken.Of(new byte[AccessToken.Size]))
    );

    [Fact]
    public async Task ItIsOpenedThoughEachRequestReachesAnotherServer()
    {
        await using var server = await TestServer.StartAsync(line, root);
        await using var other = await server.BesideAsync();
        using var submitter = server.Client(AccessToken.Of(new byte[AccessToken.Size]));
        var id = await server.SubmitAsync(Texts.Grid(), submitter);
        await server.Engine.RunAsync(id);
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");
        await page["#token"].FillAsync(eve);
        await page["#token"].PressAsync("Enter");
        await page.SaysAsync("#progress-text", "finished: 12 of 12 cells");
        var asked = new List<string>();
        string[] servers = [server.Address, other.Urls.Single()];
        await page.Page.Context.RouteAsync(
            "**/api/**",
            route =>
            {
                lock (asked)
                {
                    asked.Add(route.Request.Url);
                    var next = servers[asked.Count % 2];
                    return route.ContinueAsync(
                        new() { Url = route.Request.Url.Replace(server.Address, next, StringComparison.Ordinal) }
                    );
                }
            }
        );

        foreach (var _ in servers)
        {
            await using var report = await page.OpensAsync("#open-report");

            await report.SaysAsync("#answer", "other is faster than base in 12 of 12 cells");
            (await report.DrawAllAsync()).ShouldContain("win-map");
            (await report.Page.EvaluateAsync<string>("() => self.origin")).ShouldBe("null");
            report.Said.ShouldBeEmpty();
        }

        asked.ShouldAllBe(url => !url.Contains(eve, StringComparison.Ordinal));
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task ItIsOpenedWithoutATokenWhereNoneIsWanted()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Grid())).Id;
        await server.Engine.RunAsync(id);
        await using var page = await chromium.LiveAsync(server.Address, $"sweeps/{id}");

        await using var report = await page.OpensAsync("#open-report");

        await report.SaysAsync("#answer", "other is faster than base in 12 of 12 cells");
        await report.SaysAsync(
            "#again",
            "layerbench run grid.yaml    # grid.yaml: the sweep's text, as report.html has it"
        );
        await report.Page.ReloadAsync();
        await report.SaysAsync("#answer", "other is faster than base in 12 of 12 cells");
        page.Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheTokenIsTakenFromTheHeaderOrTheFormsBodyAndFromNoAddress()
    {
        await using var server = await TestServer.StartAsync(line);
        using var client = server.Client();
        using var viewer = server.Client(eve);
        const string path = "/api/v1/sweeps/none/report.html";

        (await StatusAsync(viewer.GetAsync(path))).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(client.PostAsync(path, Form("access_token", eve)))).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(client.PostAsync(path, Form("access_token", eve + "x")))).ShouldBe(
            HttpStatusCode.Unauthorized
        );
        (await StatusAsync(client.PostAsync(path, Form("token", eve)))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(client.PostAsync(path, content: null))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(client.GetAsync($"{path}?access_token={eve}"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(client.PostAsync("/api/v1/sweeps/none/pause", Form("access_token", eve)))).ShouldBe(
            HttpStatusCode.Unauthorized,
            "no other route takes it there"
        );
        (await StatusAsync(client.PostAsync(path, Form("access_token", new string('x', 10_000))))).ShouldBe(
            HttpStatusCode.RequestEntityTooLarge
        );
    }

    private static FormUrlEncodedContent Form(string name, string value) => new([new(name, value)]);

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> asked)
    {
        using var response = await asked;
        return response.StatusCode;
    }
}
