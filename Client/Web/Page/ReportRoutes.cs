using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Web.Access;
using Layerbench.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Layerbench.Web.Page;

/// <summary>Where a report can be opened, and until when.</summary>
public sealed record ReportAddress(string Path, DateTimeOffset Until);

/// <summary>The whole report of a sweep, made when it is asked for.</summary>
internal static class ReportRoutes
{
    private const string Root = "/reports/";

    /// <summary>Without an origin of its own, so that it can neither read this page's store nor ask this server anything.</summary>
    private const string Sandbox = "sandbox allow-scripts allow-downloads allow-popups";

    public static void MapReports(this RouteGroupBuilder api) =>
        api.MapPost("/sweeps/{id}/report", MakeAsync)
            .RequireAuthorization(Roles.View)
            .WithTags("Results")
            .WithSummary("Make report.html of what is stored now; it can be opened at the path for a while.")
            .Produces<ReportAddress>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status404NotFound);

    public static void MapShelf(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                Root + "{name}",
                (string name, HttpResponse response, ReportShelf shelf) =>
                {
                    if (shelf.Find(name) is not { } report)
                    {
                        return Problem.Of(
                            StatusCodes.Status404NotFound,
                            "this report is not kept any more; make it again on the sweep's page"
                        );
                    }

                    response.Headers[HeaderNames.ContentSecurityPolicy] = Sandbox;
                    response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
                    response.Headers["Referrer-Policy"] = "no-referrer";
                    response.Headers[HeaderNames.CacheControl] = "no-store";
                    return Results.File(report.Path, "text/html; charset=utf-8");
                }
            )
            .AllowAnonymous()
            .ExcludeFromDescription();

    private static async Task<IResult> MakeAsync(
        string id,
        ISweepEngine engine,
        ReportShelf shelf,
        CancellationToken cancellation
    )
    {
        var sweep = await engine.Results.SweepAsync(new SweepId(id), cancellation);
        if (sweep is null)
        {
            return Problem.UnknownSweep(id);
        }

        var made = await shelf.MakeAsync(sweep, cancellation);
        return TypedResults.Created(Root + made.Name, new ReportAddress(Root + made.Name, made.Until));
    }
}
