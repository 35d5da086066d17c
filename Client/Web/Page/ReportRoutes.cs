using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Report.Page;
using Layerbench.Web.Access;
using Layerbench.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Layerbench.Web.Page;

/// <summary>The token of who opens a report in a browser, which cannot send the header then (RFC 6750, section 2.2).</summary>
/// <param name="AccessToken">Left out where the server wants none, or the header has it.</param>
public sealed record ReportForm(string? AccessToken);

/// <summary>The whole report of a sweep, made when it is asked for, by whichever server is asked.</summary>
internal static class ReportRoutes
{
    private const string Html = "text/html";
    private const string Form = "application/x-www-form-urlencoded";
    private const long MostFormBytes = 4096;

    /// <summary>Without an origin of its own, so that it can neither read the live page's store nor ask this server anything.</summary>
    private const string Sandbox = "sandbox allow-scripts allow-downloads allow-popups";

    public static void MapReports(this RouteGroupBuilder api)
    {
        const string path = "/sweeps/{id}/report.html";
        RouteHandlerBuilder[] routes =
        [
            api.MapGet(path, ReportAsync).WithSummary("report.html of what is stored now."),
            api.MapPost(path, ReportAsync)
                .Accepts<ReportForm>(isOptional: true, Form)
                .WithMetadata(new TokenInForm(), new RequestSizeLimitAttribute(MostFormBytes))
                .WithSummary("The same for a form in a browser, with the token in its body."),
        ];
        foreach (var route in routes)
        {
            route
                .RequireAuthorization(Roles.View)
                .WithTags("Results")
                .Produces<string>(StatusCodes.Status200OK, Html)
                .ProducesProblem(StatusCodes.Status404NotFound);
        }
    }

    private static async Task<IResult> ReportAsync(
        string id,
        HttpResponse response,
        ISweepEngine engine,
        ReportDesk desk,
        CancellationToken cancellation
    )
    {
        if (await engine.Results.SweepAsync(new SweepId(id), cancellation) is not { } sweep)
        {
            return Problem.UnknownSweep(id);
        }

        var data = await desk.ReadAsync(sweep, cancellation);
        response.Headers[HeaderNames.ContentSecurityPolicy] = Sandbox;
        response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers[HeaderNames.CacheControl] = "no-store";
        return TypedResults.Stream(
            body => ReportPage.WriteAsync(body, data, assets: null, cancellation),
            $"{Html}; charset=utf-8"
        );
    }
}
