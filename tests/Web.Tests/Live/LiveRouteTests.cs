using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Report.Data;
using Layerbench.Report.Words;
using Layerbench.SweepFiles;
using Layerbench.Web.Live;
using Layerbench.Web.Sweeps;

namespace Layerbench.Web.Tests.Live;

/// <summary>What the live page asks for, and what it is told where that is wrong.</summary>
public sealed class LiveRouteTests
{
    [Fact]
    public async Task EverythingThatIsWrongWithAQuestionIsSaidAtOnce()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var id = (await server.SubmitAsync(Texts.Grid())).Id;
        await server.Engine.RunAsync(id);
        await JudgedAsync(client, id, 12);

        (await WrongAsync(client, $"/api/v1/sweeps/{id}/map?x=nope&variant=base&at.fault=odd&at.no=1")).ShouldBe([
            "variant: 'base' is not compared here; give one of other",
            $"x: 'nope' is no axis of this sweep; it has {Axes}",
            "at.fault: 'odd' is no value of it here; leave it out for all",
            $"at.no: is no axis of this sweep; it has {Axes}",
        ]);
        (
            await WrongAsync(client, $"/api/v1/sweeps/{id}/rows?limit=0&offset=-1&verdict=good&outcome=fine&sort=x")
        ).ShouldBe([
            "limit: 0 is not from 1 to 500; ask for the next page with offset",
            "offset: -1 is below 0; give 0 or more",
            "verdict: 'good' is none; give one of inconclusive, faster, slower, equivalent",
            "outcome: 'fine' is none; give one of completed, unconverged, skipped, incorrect, failed, poisoned, failures",
            $"sort: 'x' is neither a column nor an axis; give one of {string.Join(", ", LiveRows.Columns)}, {Axes}",
        ]);
        (await WrongAsync(client, $"/api/v1/sweeps/{id}/rows?order=up")).ShouldBe([
            "order: 'up' is neither asc nor desc",
        ]);
        (await WrongAsync(client, $"/api/v1/sweeps/{id}/incidents/latest?limit=1000")).ShouldBe([
            "limit: 1000 is not from 1 to 200; ask for the next page with before",
        ]);
        foreach (var part in (string[])["overview", "map", "rows", "incidents/latest"])
        {
            using var unknown = await client.GetAsync($"/api/v1/sweeps/none/{part}");
            unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound, part);
        }

        using var report = await client.GetAsync("/api/v1/sweeps/none/report.html");
        report.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task WhatTakesItCompressedGetsItCompressed()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");

        using var api = await client.GetAsync("/api/v1");
        api.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        await using var text = new GZipStream(await api.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        (await JsonDocument.ParseAsync(text)).RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task BeforeAnythingHasEndedThereIsNoMapAndNoRow()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var id = (await server.SubmitAsync(Texts.Grid())).Id;

        using var map = await client.GetAsync($"/api/v1/sweeps/{id}/map");
        using var rows = await client.GetAsync($"/api/v1/sweeps/{id}/rows?sort=batch");

        map.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await TestServer.ReadAsync<RowPage>(rows)).ShouldSatisfyAllConditions(
            r => r.Rows.ShouldBeEmpty(),
            r => r.All.ShouldBe(0)
        );
    }

    [Fact]
    public async Task TheOverviewSaysWhichCommandsAreTakenNow()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var id = (await server.SubmitAsync(Texts.Sweep(2, fault: "crash"))).Id;

        (await CommandsAsync(client, id)).ShouldBe("pause, cancel");
        using (await client.PostAsync($"/api/v1/sweeps/{id}/pause", content: null))
        {
            (await CommandsAsync(client, id)).ShouldBe("resume, cancel");
        }

        await server.Engine.RunAsync(id);
        using (await client.PostAsync($"/api/v1/sweeps/{id}/resume", content: null))
        {
            (await CommandsAsync(client, id)).ShouldBe("rerun");
        }

        using (await client.PostAsync($"/api/v1/sweeps/{id}/cancel", content: null))
        {
            (await CommandsAsync(client, id)).ShouldBe("", "this engine takes none on one that is cancelled");
        }
    }

    [Fact]
    public async Task HowFarToTrustItIsWhatTheReportSays()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var text = Texts.Sweep(12, fault: "[none, crash]").Replace("same: 0, slower: 0", "same: 20%, slower: 20%");
        var id = (await server.SubmitAsync(text)).Id;
        await server.Engine.RunAsync(id);
        var sweep = (await server.Engine.Store.SweepAsync(id))!;
        var finished = (await server.Engine.StatusAsync(id))!.Finished;
        await JudgedAsync(client, id, finished);

        var overview = await client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{id}/overview");
        var report = await ReportReader.ReadAsync(server.Engine.Store, sweep, SweepFile.RuleOf(sweep.Spec), "");

        overview
            .GetProperty("trust")
            .EnumerateArray()
            .Select(t => new TrustItem(
                t.GetProperty("name").GetString()!,
                t.GetProperty("text").GetString()!,
                t.GetProperty("concern").GetBoolean()
            ))
            .ShouldBe(report.Trust);
        report
            .Trust.Select(t => t.Name)
            .ShouldBe(["controls", "rule", "noise", "converged", "excluded", "drift", "outcomes", "environment"]);
    }

    [Fact]
    public async Task WhereItIsMeasuredIsSaidBeforeACellHasEnded()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var id = (await server.SubmitAsync(Texts.Sweep(2))).Id;
        (await TrustAsync(client, id)).ShouldBeEmpty();

        await server.Engine.LaunchAsync(id, new() { ["backend"] = "simulated" });

        await Wait.UntilAsync(async () => (await TrustAsync(client, id)).Length > 0);
        (await TrustAsync(client, id)).ShouldBe(["Simulated: these numbers were computed, nothing was measured."]);
    }

    [Fact]
    public async Task ValuesThatAreTooManyForAMapShareItsColumns()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var id = (await server.SubmitAsync(Texts.Sweep(250))).Id;
        await server.Engine.RunAsync(id);
        await JudgedAsync(client, id, 250);

        var map = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{id}/map?x=replicate&y="));

        var columns = map.GetProperty("x").GetProperty("values").EnumerateArray().Select(v => v.GetString()).ToList();
        columns.Count.ShouldBe(84);
        (columns[0], columns[^1]).ShouldBe(("1 … 3", "250"));
        map.GetProperty("boxes").EnumerateArray().Sum(b => b.GetProperty("faster").GetInt64()).ShouldBe(250);
        map.GetProperty("boxes")[0].GetProperty("faster").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task LaunchesThatAreAllAlikeDecideNothing()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var text = Texts
            .Sweep(1)
            .Replace("axes:\n", "axes:\n  noise: 0\n  launch_noise: 0\n", StringComparison.Ordinal);
        var id = (await server.SubmitAsync(text)).Id;
        await server.Engine.RunAsync(id);
        await JudgedAsync(client, id, 1);

        var map = await client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{id}/map");
        using var rows = await client.GetAsync($"/api/v1/sweeps/{id}/rows?find=other");

        map.GetProperty("boxes")[0].TryGetProperty("ratio", out _).ShouldBeFalse();
        map.GetProperty("boxes")[0].GetProperty("inconclusive").GetInt64().ShouldBe(1);
        var row = (await TestServer.ReadAsync<RowPage>(rows)).Rows.Single();
        row.Ratio.ShouldBeNull();
        row.Note.ShouldBe(
            "no launch has a ratio, or all have exactly the same: copied launches, or a clock too coarse"
        );
    }

    [Fact]
    public async Task ATextIsCheckedWithoutBeingSubmitted()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();

        var good = await CheckAsync(client, Texts.Grid());
        var wrong = await CheckAsync(client, "name: x\naxes: 3\n");

        good.Good!.Cells.ShouldBe(12);
        good.Errors.ShouldBeEmpty();
        wrong.Good.ShouldBeNull();
        wrong.Errors.Select(e => (e.Path, e.Mark.Line)).ShouldContain(("axes", 2));
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/sweeps"))
            .GetProperty("sweeps")
            .GetArrayLength()
            .ShouldBe(0);
    }

    [Fact]
    public async Task ThePageAndItsFilesAllowNothingFromAnywhereElse()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();

        using var page = await client.GetAsync("/");
        using var again = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { IfNoneMatch = { page.Headers.ETag! } } }
        );

        Assert.SkipWhen(page.Headers.ETag is null, "built without the live page");
        page.Headers.GetValues("Content-Security-Policy")
            .Single()
            .ShouldContain("default-src 'none'; script-src 'self'");
        page.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    private const string Axes =
        "pass, backend, dtype, threads, memory_mib, replicate, noise, launch_noise, layout_bias, fault, fault_rate";

    private static async Task<string[]> WrongAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        return (await TestServer.DetailAsync(response)).Split('\n');
    }

    private static async Task<string> CommandsAsync(HttpClient client, SweepId id) =>
        string.Join(
            ", ",
            (await client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{id}/overview"))
                .GetProperty("commands")
                .EnumerateArray()
        );

    private static async Task<string[]> TrustAsync(HttpClient client, SweepId id) =>
        [
            .. (await client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{id}/overview"))
                .GetProperty("trust")
                .EnumerateArray()
                .Select(t => t.GetProperty("text").GetString()!),
        ];

    private static Task JudgedAsync(HttpClient client, SweepId id, long cells) =>
        Wait.UntilAsync(async () =>
            (await client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{id}/overview"))
                .GetProperty("judged")
                .GetInt64() == cells
        );

    private static async Task<CheckedSweep> CheckAsync(HttpClient client, string text)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/sweeps/validate", new { text });
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await TestServer.ReadAsync<CheckedSweep>(response);
    }
}
