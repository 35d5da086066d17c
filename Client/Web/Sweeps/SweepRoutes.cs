using System.Diagnostics;
using System.Security.Claims;
using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Sweeps;
using Layerbench.Web.Access;
using Layerbench.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Layerbench.Web.Sweeps;

/// <summary>What a sweep's text is, or all that is wrong with it.</summary>
/// <param name="Good">Null where something is wrong.</param>
/// <param name="Notes">What helps to understand the errors.</param>
public sealed record CheckedSweep(CheckAnswer.Good? Good, IReadOnlyList<SpecError> Errors, IReadOnlyList<string> Notes);

/// <summary>Submitting sweeps, seeing how far they are, and changing them.</summary>
internal static class SweepRoutes
{
    private const int UsualPage = 20;

    public static void MapSweeps(this RouteGroupBuilder api, WebSettings settings)
    {
        var sweeps = api.MapGroup("/sweeps").WithTags("Sweeps");
        sweeps
            .MapPost("", SubmitAsync)
            .RequireAuthorization(Roles.Submit)
            .WithMetadata(new RequestSizeLimitAttribute(Submission.MostBodyBytes(settings.Limits)))
            .WithSummary("Submit a sweep. The same text with the same settings is the same sweep.")
            .Produces<SweepStatus>(StatusCodes.Status201Created)
            .Produces<SweepStatus>()
            .Produces<RejectedSweep>(StatusCodes.Status422UnprocessableEntity, "application/problem+json")
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        sweeps
            .MapPost("/validate", ValidateAsync)
            .RequireAuthorization(Roles.View)
            .WithMetadata(new RequestSizeLimitAttribute(Submission.MostBodyBytes(settings.Limits)))
            .WithSummary("Say what submitting it would find; nothing is begun.")
            .Produces<CheckedSweep>();
        sweeps
            .MapGet("", ListAsync)
            .RequireAuthorization(Roles.View)
            .WithSummary("Sweeps, the one submitted last first; the next page begins after the last one of this.")
            .Produces<SweepPage>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        sweeps
            .MapGet("/{id}", StatusAsync)
            .RequireAuthorization(Roles.View)
            .WithSummary("How far a sweep is, its verdicts so far, and its latest incidents.")
            .Produces<SweepDetails>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        foreach (var command in Enum.GetValues<SweepCommand>())
        {
            sweeps
                .MapPost(
                    $"/{{id}}/{command.ToString().ToLowerInvariant()}",
                    (string id, ClaimsPrincipal user, ISweepEngine engine, CancellationToken cancellation) =>
                        CommandAsync(id, command, user, engine, cancellation)
                )
                .RequireAuthorization(Roles.Submit)
                .WithSummary(SummaryOf(command))
                .Produces<SweepStatus>()
                .ProducesProblem(StatusCodes.Status404NotFound)
                .ProducesProblem(StatusCodes.Status409Conflict);
        }
    }

    private static async Task<IResult> SubmitAsync(
        SweepSubmission submission,
        ClaimsPrincipal user,
        ISweepEngine engine,
        WebSettings settings,
        CancellationToken cancellation
    )
    {
        var (sweep, problem) = Submission.Checked(submission, settings.Limits);
        if (problem is not null)
        {
            return problem;
        }

        return await engine.SubmitAsync(sweep, user.Caller(), cancellation) switch
        {
            SubmitAnswer.Accepted { IsNew: true, Status: var status } => TypedResults.Created(
                $"/api/v1/sweeps/{Uri.EscapeDataString(status.Id.Value)}",
                status
            ),
            SubmitAnswer.Accepted { Status: var status } => TypedResults.Ok(status),
            SubmitAnswer.Rejected rejected => Problem.Rejected(rejected),
            SubmitAnswer.OverLimit over => Problem.Of(StatusCodes.Status429TooManyRequests, over.Reason),
            SubmitAnswer.NotYours other => Problem.Of(StatusCodes.Status403Forbidden, other.Reason),
            _ => throw new UnreachableException(),
        };
    }

    private static async Task<IResult> ValidateAsync(
        SweepSubmission submission,
        ISweepEngine engine,
        WebSettings settings,
        CancellationToken cancellation
    )
    {
        var (sweep, problem) = Submission.Checked(submission, settings.Limits);
        if (problem is not null)
        {
            return problem;
        }

        return await engine.CheckAsync(sweep, cancellation) switch
        {
            CheckAnswer.Good good => TypedResults.Ok(new CheckedSweep(good, [], [])),
            CheckAnswer.Wrong wrong => TypedResults.Ok(new CheckedSweep(null, wrong.Why.Errors, wrong.Why.Notes)),
            _ => throw new UnreachableException(),
        };
    }

    private static async Task<IResult> ListAsync(
        ISweepEngine engine,
        CancellationToken cancellation,
        int limit = UsualPage,
        string? after = null,
        string? user = null
    ) =>
        limit is < 1 or > SweepQuery.MostPerPage
            ? Problem.Of(
                StatusCodes.Status400BadRequest,
                $"limit: {limit} is not from 1 to {SweepQuery.MostPerPage}; ask for the next page with after"
            )
            : TypedResults.Ok(
                await engine.ListAsync(
                    new SweepQuery(limit, after is null ? null : new SweepId(after), user),
                    cancellation
                )
            );

    private static async Task<IResult> StatusAsync(
        string id,
        ISweepEngine engine,
        SweepFindings findings,
        CancellationToken cancellation
    ) =>
        await engine.StatusAsync(new SweepId(id), cancellation) is { } status
            ? TypedResults.Ok(await findings.DetailsAsync(status, cancellation))
            : Problem.UnknownSweep(id);

    private static async Task<IResult> CommandAsync(
        string id,
        SweepCommand command,
        ClaimsPrincipal user,
        ISweepEngine engine,
        CancellationToken cancellation
    ) =>
        await engine.CommandAsync(new SweepId(id), command, user.Caller(), cancellation) switch
        {
            CommandAnswer.Done done => TypedResults.Ok(done.Status),
            CommandAnswer.Unknown => Problem.UnknownSweep(id),
            CommandAnswer.Refused refused => Problem.Of(StatusCodes.Status409Conflict, refused.Reason),
            CommandAnswer.NotYours other => Problem.Of(
                StatusCodes.Status403Forbidden,
                $"'{id}' is the sweep of '{other.Owner}', and only that user or an admin changes it"
            ),
            _ => throw new UnreachableException(),
        };

    private static string SummaryOf(SweepCommand command) =>
        command switch
        {
            SweepCommand.Pause => "Give out no more slices until it is resumed; those in flight go on.",
            SweepCommand.Resume => "Go on after a pause.",
            SweepCommand.Cancel => "End it after the launches in flight; submitting it again goes on.",
            SweepCommand.Rerun => "Run cells again that were incorrect, failed or poisoned.",
            _ => throw new UnreachableException(),
        };
}
