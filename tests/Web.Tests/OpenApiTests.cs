using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Layerbench.Web.Tests;

/// <summary>What the OpenAPI document says of every route.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task EveryRouteThatWantsATokenSaysSoAndWhatItAnswersWithoutOne()
    {
        await using var server = await TestServer.StartAsync();
        using var document = await ReadAsync(server);

        var scheme = document
            .RootElement.GetProperty("components")
            .GetProperty("securitySchemes")
            .GetProperty("Bearer");
        scheme.GetProperty("type").GetString().ShouldBe("http");
        scheme.GetProperty("scheme").GetString().ShouldBe("bearer");
        var roles = server
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(s => s.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAuthorizeData>() is not null)
            .SelectMany(e =>
                e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>()
                    .HttpMethods.Select(m =>
                        (
                            Route: $"{m} {e.RoutePattern.RawText!.TrimEnd('/')}",
                            Role: e.Metadata.GetRequiredMetadata<IAuthorizeData>().Policy
                        )
                    )
            )
            .ToDictionary(r => r.Route, r => r.Role, StringComparer.Ordinal);
        roles.Count.ShouldBeGreaterThan(20);
        foreach (var (route, operation) in Operations(document))
        {
            var wants = roles.TryGetValue(route, out var role);
            operation.TryGetProperty("security", out var security).ShouldBe(wants, route);
            if (wants)
            {
                security[0].TryGetProperty("Bearer", out _).ShouldBeTrue(route);
                operation.GetProperty("description").GetString().ShouldBe($"Role: {role}.", route);
                new[] { 401, 403 }.ShouldBeSubsetOf(Statuses(operation), route);
            }
        }
    }

    [Fact]
    public async Task EveryRouteSaysWhatItAnswersAndRefusalsHaveTheShapeOfAProblem()
    {
        await using var server = await TestServer.StartAsync();
        using var document = await ReadAsync(server);

        foreach (var (route, operation) in Operations(document))
        {
            var statuses = Statuses(operation);
            statuses.ShouldContain(s => s < 300, route);
            statuses.ShouldContain(421, route);
            // The server itself knows who asks, and that it is alive.
            var asks = route is not ("GET /api/v1" or "GET /api/v1/access" or "GET /health/live");
            statuses.Contains(503).ShouldBe(asks, route);
            var takes =
                operation.TryGetProperty("requestBody", out _)
                || Parameters(operation).Any(p => p is ("query", "limit") or ("header", _));
            if (takes)
            {
                statuses.ShouldContain(400, route);
            }

            foreach (var response in operation.GetProperty("responses").EnumerateObject())
            {
                if (Status(response) >= 400)
                {
                    var content = response.Value.GetProperty("content").GetProperty("application/problem+json");
                    content
                        .GetProperty("schema")
                        .GetProperty("$ref")
                        .GetString()
                        .ShouldBe(
                            $"#/components/schemas/{(Status(response) == 422 ? "RejectedSweep" : "ProblemDetails")}",
                            $"{route} {response.Name}"
                        );
                }
            }
        }

        var rejected = document
            .RootElement.GetProperty("components")
            .GetProperty("schemas")
            .GetProperty("RejectedSweep");
        rejected.GetProperty("properties").TryGetProperty("errors", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task WhatIsAskedWithHeadersAndAxesIsDescribed()
    {
        await using var server = await TestServer.StartAsync();
        using var document = await ReadAsync(server);
        var operations = Operations(document).ToDictionary(o => o.Route, o => o.Operation, StringComparer.Ordinal);

        Parameters(operations["GET /api/v1/sweeps/{id}/events"]).ShouldContain(("header", "Last-Event-ID"));
        foreach (var route in (string[])["map", "rows"])
        {
            Parameters(operations[$"GET /api/v1/sweeps/{{id}}/{route}"]).ShouldContain(("query", "at.AXIS"));
        }

        operations["POST /api/v1/sweeps/{id}/report.html"]
            .GetProperty("requestBody")
            .GetProperty("content")
            .TryGetProperty("application/x-www-form-urlencoded", out _)
            .ShouldBeTrue();
        document.RootElement.GetProperty("info").GetProperty("title").GetString().ShouldBe("layerbench");
    }

    private static async Task<JsonDocument> ReadAsync(TestServer server)
    {
        using var client = server.Client();
        return JsonDocument.Parse(await client.GetStringAsync(WebApi.OpenApiPath));
    }

    private static IEnumerable<(string Route, JsonElement Operation)> Operations(JsonDocument document) =>
        document
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .SelectMany(p =>
                p.Value.EnumerateObject().Select(m => ($"{m.Name.ToUpperInvariant()} {p.Name.TrimEnd('/')}", m.Value))
            );

    private static List<int> Statuses(JsonElement operation) =>
        [.. operation.GetProperty("responses").EnumerateObject().Select(Status)];

    private static int Status(JsonProperty response) => int.Parse(response.Name, CultureInfo.InvariantCulture);

    private static List<(string? In, string? Name)> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters)
            ?
            [
                .. parameters
                    .EnumerateArray()
                    .Select(p => (p.GetProperty("in").GetString(), p.GetProperty("name").GetString())),
            ]
            : [];
}
