using System.Reflection;
using System.Security.Claims;
using Layerbench.Core.Access;
using Layerbench.Core.Engines;
using Layerbench.Core.Sweeps;
using Layerbench.Web.Access;
using Layerbench.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Layerbench.Web;

/// <summary>What a client is told of the server and of itself.</summary>
/// <param name="Version">Of the product.</param>
public sealed record ServerInfo(string Version, string User, Role Role);

/// <param name="Tokens">False: everybody who reaches it is an admin, as it listens on loopback alone.</param>
public sealed record ServerAccess(bool Tokens);

/// <summary>The server itself.</summary>
internal static class ServerRoutes
{
    /// <summary>How long the engine may take before the server is called not ready.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(3);

    public static void MapServer(this RouteGroupBuilder api)
    {
        api.MapGet(
                "",
                (ClaimsPrincipal user) =>
                    TypedResults.Ok(new ServerInfo(Version, user.Caller().User, user.Caller().Role))
            )
            .RequireAuthorization(Roles.View)
            .WithTags("Server")
            .WithSummary("The server's version, and who the token says that you are.");
        api.MapGet("/access", (TokenBook tokens) => TypedResults.Ok(new ServerAccess(!tokens.IsOff)))
            .AllowAnonymous()
            .WithTags("Server")
            .WithSummary("Whether the server wants tokens.");
        api.MapGet(
                "/schema",
                async (ISweepEngine engine, CancellationToken cancellation) =>
                    TypedResults.Text(
                        SweepSchema.Write(await engine.CatalogAsync(cancellation)),
                        "application/schema+json"
                    )
            )
            .RequireAuthorization(Roles.View)
            .WithTags("Server")
            .WithSummary("The JSON schema of sweep files, with the variants that are here.")
            .Produces<string>(StatusCodes.Status200OK, "application/schema+json");
    }

    /// <summary>Liveness, and readiness: whether the engine answers. Both without a token.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/health/live", () => TypedResults.Text("live"))
            .AllowAnonymous()
            .WithTags("Server")
            .WithSummary("The process is alive.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
        foreach (var path in (string[])["/health", "/health/ready"])
        {
            routes
                .MapGet(path, ReadyAsync)
                .AllowAnonymous()
                .WithTags("Server")
                .WithSummary("The engine answers.")
                .Produces<string>(StatusCodes.Status200OK, "text/plain")
                .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static string Version { get; } =
        typeof(ServerRoutes)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "unknown";

    private static async Task<IResult> ReadyAsync(
        ISweepEngine engine,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        try
        {
            _ = await engine.NodesAsync(cancellation).WaitAsync(patience, time, cancellation);
            return TypedResults.Text("ready");
        }
        catch (Exception e) when (e is EngineUnavailableException or TimeoutException)
        {
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, $"the engine does not answer: {e.Message}");
        }
    }
}
