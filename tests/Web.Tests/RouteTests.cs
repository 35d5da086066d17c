using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Output;
using Layerbench.SweepFiles;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Layerbench.Web.Tests;

public sealed class RouteTests
{
    [Fact]
    public async Task TheOpenApiDocumentHasEveryRouteAndNoOther()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();

        using var document = JsonDocument.Parse(await client.GetStringAsync(WebApi.OpenApiPath));

        var described = document
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name.ToUpperInvariant()} {p.Name}"));
        var served = server
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(s => s.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(e => !e.RoutePattern.RawText!.Contains("openapi", StringComparison.Ordinal))
            // The page and its files are for browsers.
            .Where(e => e.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
            .SelectMany(e =>
                e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>()
                    .HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText!.TrimEnd('/')}")
            )
            .ToList();
        described.Select(d => d.TrimEnd('/')).Order().ShouldBe(served.Distinct().Order());
        served.ShouldContain("POST /api/v1/sweeps/{id}/pause");
        served.ShouldContain("GET /api/v1/sweeps/{id}/events");
    }

    [Fact]
    public async Task ASweepIsSubmittedListedAndFound()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();

        using var submitted = await client.PostAsJsonAsync(
            "/api/v1/sweeps",
            new
            {
                text = Texts.Sweep(3),
                set = (string[])["measure.launches=7"],
                priority = 5,
            }
        );

        submitted.StatusCode.ShouldBe(HttpStatusCode.Created);
        var status = await TestServer.ReadAsync<SweepStatus>(submitted);
        submitted.Headers.Location!.ToString().ShouldBe($"/api/v1/sweeps/{status.Id}");
        status.Cells.ShouldBe(3);
        status.Priority.ShouldBe(5);
        status.User.ShouldBe("local");
        var page = await TestServer.ReadAsync<SweepPage>(await client.GetAsync("/api/v1/sweeps"));
        page.Sweeps.Select(s => s.Id).ShouldBe([status.Id]);
        page.Next.ShouldBeNull();
        (await client.GetStringAsync($"/api/v1/sweeps/{status.Id}/spec")).ShouldContain("launches: 7");
    }

    [Fact]
    public async Task TheSameTextAtOnceIsOneSweep()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => client.PostAsJsonAsync("/api/v1/sweeps", new { text = Texts.Sweep(3) }))
        );

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(7);
        (await TestServer.ReadAsync<SweepPage>(await client.GetAsync("/api/v1/sweeps"))).Sweeps.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ASweepThatIsWrongIsRejectedWithEveryErrorAndItsLine()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var text = Texts.Sweep(3).Replace("sim.cost\n    label: other", "sim.cots\n    label: other");
        text = text.Replace("launches: 6", "launches: many");

        using var rejected = await client.PostAsJsonAsync("/api/v1/sweeps", new { text });

        rejected.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = await TestServer.ReadAsync<JsonElement>(rejected);
        var errors = problem.GetProperty("errors").Deserialize<SpecError[]>(Core.Protocol.CoreJson.Options)!;
        errors.Select(e => (e.Path, e.Mark.Line)).ShouldBe([("variants[1].variant", 6), ("measure.launches", 14)]);
        problem.GetProperty("detail").GetString()!.Split('\n').ShouldBe(errors.Select(e => e.Format("sweep")));
        problem.GetProperty("notes")[0].GetString().ShouldBe("only the simulated backend is here");
    }

    [Fact]
    public async Task CodeOfASweepsOwnIsRefusedUnlessTheOperatorAllowsIt()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();

        using var rejected = await client.PostAsJsonAsync(
            "/api/v1/sweeps",
            new { text = Texts.Sweep(1) + "\nplugins: [mine.py]" }
        );

        rejected.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await TestServer.DetailAsync(rejected)).ShouldStartWith(
            "sweep:18:1: plugins: names code of a user's own, which this server's operator does not allow (Limits:PlugIns)"
        );
    }

    [Theory]
    [InlineData("""{"text": 5}""", 400, "the body is not the JSON that is expected here")]
    [InlineData("""nothing""", 400, "the body is not the JSON that is expected here")]
    [InlineData("""{}""", 400, "text: is missing; give the sweep file's text")]
    [InlineData("""{"text": "a: 1", "priority": 1001}""", 400, "priority: 1001 is not from -1000 to 1000")]
    [InlineData("""{"text": "a: 1", "maximum_devices": 0}""", 400, "maximum_devices: 0 is below 1")]
    [InlineData("""{"text": "a: 1", "failures": {"share": 2}}""", 400, "failures: cells is below 1")]
    [InlineData(
        """{"text": "a: 1", "devices": {"kinds": ["gpu", null]}}""",
        400,
        "devices.kinds: 'gpu' is none of cpu,"
    )]
    public async Task ABodyThatIsNoSubmissionIsRefusedInWords(string body, int status, string words)
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var refused = await client.PostAsync("/api/v1/sweeps", content);

        ((int)refused.StatusCode).ShouldBe(status);
        (await TestServer.DetailAsync(refused)).ShouldStartWith(words);
    }

    [Fact]
    public async Task WhatIsTooLargeOrTooMuchIsRefusedInWords()
    {
        await using var server = await TestServer.StartAsync();
        server.Engine.MostSweeps = 0;
        using var client = server.Client();
        var settings = Enumerable.Repeat("a=1", 1001);

        using var large = await client.PostAsJsonAsync("/api/v1/sweeps", new { text = new string('#', 5000) });
        using var larger = await client.PostAsJsonAsync("/api/v1/sweeps", new { text = new string('#', 200_000) });
        using var many = await client.PostAsJsonAsync("/api/v1/sweeps", new { text = Texts.Sweep(1) });

        using var settled = await client.PostAsJsonAsync("/api/v1/sweeps", new { text = "a: 1", set = settings });
        settled.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TestServer.DetailAsync(settled)).ShouldStartWith("set: has 1001 settings, and 1000 at most are taken; ");
        large.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await TestServer.DetailAsync(large)).ShouldStartWith(
            "the sweep has 5000 bytes, and this server takes 4096 at most"
        );
        larger.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await TestServer.DetailAsync(larger)).ShouldStartWith("the request is larger than this server takes");
        many.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await TestServer.DetailAsync(many)).ShouldBe("you have enough");
    }

    [Fact]
    public async Task APathThatIsNoneIsSaidSo()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();

        using var nothing = await client.GetAsync("/api/v2");
        using var method = await client.DeleteAsync("/api/v1/nodes");

        (await TestServer.DetailAsync(nothing)).ShouldBe(
            "there is nothing at /api/v2; /api/v1/openapi.json lists what there is"
        );
        (await TestServer.DetailAsync(method)).ShouldStartWith("/api/v1/nodes does not take DELETE; ");
    }

    [Fact]
    public async Task AnEngineThatIsAwayIsToldWithWhenToAskAgain()
    {
        await using var server = await TestServer.StartAsync();
        server.Engine.IsAway = true;
        using var client = server.Client();

        using var away = await client.GetAsync("/api/v1/sweeps");
        using var health = await client.GetAsync("/health");

        away.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        away.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await TestServer.DetailAsync(away)).ShouldBe("the engine is away");
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await TestServer.DetailAsync(health)).ShouldBe("the engine does not answer: the engine is away");
    }

    [Theory]
    [InlineData("GET", "/api/v1/sweeps/nothing")]
    [InlineData("GET", "/api/v1/sweeps/nothing/events")]
    [InlineData("GET", "/api/v1/sweeps/nothing/results.csv")]
    [InlineData("GET", "/api/v1/sweeps/nothing/cells")]
    [InlineData("POST", "/api/v1/sweeps/nothing/pause")]
    public async Task ASweepThatIsNotThereIsSaidSo(string method, string path)
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();

        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await TestServer.DetailAsync(answer)).ShouldBe(
            "there is no sweep 'nothing' here; `layerbench status` lists them"
        );
    }

    [Fact]
    public async Task ResultsAreTheSameBytesAsOnOneMachine()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var id = (await server.SubmitAsync(Texts.Sweep(4))).Id;
        await server.Engine.RunAsync(id);

        var csv = await client.GetStringAsync($"/api/v1/sweeps/{id}/results.csv");
        var json = await client.GetByteArrayAsync($"/api/v1/sweeps/{id}/results.jsonl");
        var details = await TestServer.ReadAsync<SweepDetails>(await client.GetAsync($"/api/v1/sweeps/{id}"));

        var record = (await server.Engine.Results.SweepsAsync()).Single();
        await DerivedFiles.WriteAsync(
            server.Engine.Folder,
            server.Engine.Results,
            record,
            SweepFile.RuleOf(record.Spec),
            "layerbench"
        );
        csv.ShouldBe(await File.ReadAllTextAsync(Path.Combine(server.Engine.Folder, DerivedFiles.CsvName)));
        json.ShouldBe(await File.ReadAllBytesAsync(Path.Combine(server.Engine.Folder, DerivedFiles.JsonLinesName)));
        csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1 + (4 * 2));
        details.Status.Stage.ShouldBe(SweepStage.Finished);
        details.Status.Outcomes.ShouldBe(new Dictionary<string, long> { ["completed"] = 4 });
        details.Verdicts.Keys.ShouldBe(["other"]);
        details.Verdicts["other"].All.ShouldBe(4);
    }

    [Fact]
    public async Task FailuresComeWithTheirIncidents()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();
        var id = (await server.SubmitAsync(Texts.Sweep(1, fault: "crash"))).Id;
        await server.Engine.RunAsync(id);

        var details = await TestServer.ReadAsync<SweepDetails>(await client.GetAsync($"/api/v1/sweeps/{id}"));
        var incidents = await TestServer.ReadAsync<Incident[]>(await client.GetAsync($"/api/v1/sweeps/{id}/incidents"));

        details.Status.Failures.ShouldBe(1);
        details.IncidentCount.ShouldBe(incidents.Length);
        details.Incidents.ShouldBe(incidents.Reverse().Take(SweepDetails.ShownIncidents));
        incidents.ShouldAllBe(i => i.Cause == "worker_lost");
    }

    [Fact]
    public async Task ANodeIsDrainedAndAnotherIsNotThere()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();

        using var drained = await client.PutAsJsonAsync("/api/v1/nodes/here", new { draining = true });
        using var unknown = await client.PutAsJsonAsync("/api/v1/nodes/there", new { draining = true });
        using var nothing = await client.PutAsJsonAsync("/api/v1/nodes/here", new { });

        drained.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var nodes = await TestServer.ReadAsync<FleetNode[]>(await client.GetAsync("/api/v1/nodes"));
        nodes.Single().Draining.ShouldBeTrue();
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        nothing.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TestServer.DetailAsync(nothing)).ShouldBe("draining: is missing; give true or false");
    }
}
