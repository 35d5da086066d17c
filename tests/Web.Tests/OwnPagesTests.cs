using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Layerbench.Core.Access;
using Layerbench.Tests.Shared.Browser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Layerbench.Web.Tests;

/// <summary>What pages of other sites may not do with a server that asks nobody for a token.</summary>
public sealed class OwnPagesTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example:8080")]
    [InlineData("10.0.0.7")]
    public async Task ANameThatIsNotThisMachinesIsRefusedWhateverIsAsked(string host)
    {
        await using var server = await TestServer.StartAsync();

        foreach (var path in (string[])["/api/v1/sweeps", "/", "/api/v1/openapi.json"])
        {
            using var refused = await AskAsync(server, HttpMethod.Get, path, ("Host", host));

            refused.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
            (await TestServer.DetailAsync(refused)).ShouldBe(
                $"Host: '{host}' is no name of this machine's own, and this server has no tokens; ask it as 127.0.0.1 or localhost, or name a token file"
            );
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:9000")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("[::1]:8080")]
    public async Task EveryNameOfThisMachineIsAnswered(string host)
    {
        await using var server = await TestServer.StartAsync();

        using var answered = await AskAsync(server, HttpMethod.Get, "/api/v1", ("Host", host));
        using var drained = await AskAsync(
            server,
            HttpMethod.Put,
            "/api/v1/nodes/here",
            ("Host", host),
            ("Origin", $"http://{host}"),
            ("Sec-Fetch-Site", "same-origin")
        );

        answered.StatusCode.ShouldBe(HttpStatusCode.OK);
        drained.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task AChangeThatAnotherSitesPageAsksForIsRefused(string header, string value)
    {
        await using var server = await TestServer.StartAsync();

        using var refused = await AskAsync(server, HttpMethod.Put, "/api/v1/nodes/here", (header, value));
        using var seen = await AskAsync(server, HttpMethod.Get, "/api/v1/nodes", (header, value));

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TestServer.DetailAsync(refused)).ShouldStartWith(
            $"Origin: '{value}' is another site's, and this server has no tokens, so only its own page and programs change anything"
        );
        server.Engine.IsDraining.ShouldBeFalse();
        seen.StatusCode.ShouldBe(HttpStatusCode.OK);
        seen.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task WithTokensItIsTheTokenThatCounts()
    {
        var token = AccessToken.Of(new byte[AccessToken.Size]);
        await using var server = await TestServer.StartAsync(
            new TokenEntry("root", Role.Admin, Expires: null, AccessToken.HashOf(token))
        );

        using var drained = await AskAsync(
            server,
            HttpMethod.Put,
            "/api/v1/nodes/here",
            ("Host", "bench.example"),
            ("Origin", "http://other.example"),
            ("Authorization", $"Bearer {token}")
        );

        drained.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task APageOfAnotherSiteCancelsNothingInARealBrowser()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(2))).Id;
        var cancel = $"{server.Address}/api/v1/sweeps/{id}/cancel";
        await using var foreign = await ForeignAsync(
            $$"""
            <!doctype html><html data-ready="true"><title>foreign</title>
            <form method="post" action="{{cancel}}"><button>Win a prize</button></form>
            """
        );
        await using var page = await chromium.OpenAsync(
            foreign.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal),
            network: true
        );

        await page.Page.EvaluateAsync("url => fetch(url, { method: 'POST', mode: 'no-cors' })", cancel);
        await page["button"].ClickAsync();
        await page.Page.WaitForURLAsync(cancel);

        (await page.Page.ContentAsync()).ShouldContain("another site's");
        server.Engine[id].Cancelled.ShouldBeFalse();
    }

    private static async Task<HttpResponseMessage> AskAsync(
        TestServer server,
        HttpMethod method,
        string path,
        params (string Name, string Value)[] headers
    )
    {
        using var client = server.Client();
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Put)
        {
            request.Content = JsonContent.Create(
                new { draining = true },
                MediaTypeHeaderValue.Parse("application/json")
            );
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        return await client.SendAsync(request);
    }

    private static async Task<WebApplication> ForeignAsync(string page)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/", () => TypedResults.Text(page, "text/html"));
        await app.StartAsync();
        return app;
    }
}
