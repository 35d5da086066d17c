using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Report.Data;
using Layerbench.Report.Words;
using Layerbench.Web.Access;
using Layerbench.Web.Describing;
using Layerbench.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Layerbench.Web.Live;

/// <summary>What the live page shows of a sweep, so far.</summary>
/// <param name="Commands">Those that the engine takes for it now, and that change something; of whoever may give them.</param>
/// <param name="Verdicts">By variant's label, controls apart.</param>
/// <param name="Answers">The answer so far, in sentences.</param>
/// <param name="Trust">How far to trust it, as the report says it; an <c>environment</c> is read with the answer.</param>
/// <param name="Compared">Labels that a map can show.</param>
/// <param name="MapAxes">Axes that a map can have.</param>
/// <param name="Judged">Cells that all of this rests on; fewer than have ended while they are read.</param>
/// <param name="MostJudged">Of a sweep with more cells, so many are judged here.</param>
public sealed record SweepOverview(
    SweepStatus Status,
    IReadOnlyList<SweepCommand> Commands,
    string? Question,
    IReadOnlyDictionary<string, VerdictCounts> Verdicts,
    IReadOnlyList<string> Answers,
    IReadOnlyList<TrustItem> Trust,
    IReadOnlyList<string> Compared,
    IReadOnlyList<string> MapAxes,
    IReadOnlyList<OverviewAxis> Axes,
    long Judged,
    long MostJudged
);

/// <param name="Values">The first of them, see <see cref="MostValues"/>.</param>
/// <param name="Count">All of them.</param>
public sealed record OverviewAxis(string Name, bool Varies, IReadOnlyList<AxisValue> Values, int Count)
{
    public const int MostValues = 200;

    internal static OverviewAxis Of(ReportAxis axis) =>
        new(axis.Name, axis.Varies, [.. axis.Values.Take(MostValues)], axis.Values.Count);
}

/// <summary>
/// Aggregates and pages for those who look on. They are answered from memory and may be a few seconds behind the store;
/// none waits for it.
/// </summary>
internal static class LiveRoutes
{
    private const int UsualRows = 50;
    private const int UsualIncidents = 20;
    private const int MostIncidents = 200;
    private const string AtPrefix = "at.";

    public static void MapLive(this RouteGroupBuilder api)
    {
        var sweep = api.MapGroup("/sweeps/{id}").RequireAuthorization(Roles.View).WithTags("Live");
        sweep
            .MapGet("/overview", OverviewAsync)
            .WithSummary("Status, the answer so far, how far to trust it, and what maps and rows can be asked for.")
            .Produces<SweepOverview>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        sweep
            .MapGet("/map", MapAsync)
            .WithMetadata(new TakesAxes())
            .WithSummary(
                "Verdicts counted by two axes; at.AXIS=VALUE holds another axis. 204: nothing is compared yet."
            )
            .Produces<WinMap>()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        sweep
            .MapGet("/rows", RowsAsync)
            .WithMetadata(new TakesAxes())
            .WithSummary("Finished cells, a row a variant, sorted and filtered; at.AXIS=VALUE holds an axis.")
            .Produces<RowPage>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        sweep
            .MapGet("/incidents/latest", IncidentsAsync)
            .WithSummary("Incidents, the last one first; the next page is before the last number of this.")
            .Produces<IncidentPage>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> OverviewAsync(
        string id,
        ISweepEngine engine,
        SweepBooks books,
        CancellationToken cancellation
    )
    {
        if (await engine.StatusAsync(new SweepId(id), cancellation) is not { } status)
        {
            return Problem.UnknownSweep(id);
        }

        var book = await books.OfAsync(status, cancellation);
        var picture = book?.Now(status);
        return TypedResults.Ok(
            new SweepOverview(
                status,
                engine.CommandsOn(status),
                book?.Question,
                picture?.Verdicts.Summary.Variants ?? new Dictionary<string, VerdictCounts>(),
                picture?.Answers ?? [],
                picture?.Trust ?? [],
                picture?.Compared ?? [],
                picture is null ? [] : WinMaps.Shown(picture),
                [.. (picture?.Axes ?? []).Select(OverviewAxis.Of)],
                picture?.Cells.Count ?? 0,
                SweepBook.MostCells
            )
        );
    }

    private static Task<IResult> MapAsync(
        string id,
        HttpRequest request,
        ISweepEngine engine,
        SweepBooks books,
        CancellationToken cancellation,
        string? variant = null,
        string? x = null,
        string? y = null
    ) =>
        WithPictureAsync(
            id,
            engine,
            books,
            picture =>
                WinMaps.Of(picture, new MapQuery(variant, x, y, At(request))) is { } map
                    ? TypedResults.Ok(map)
                    : TypedResults.NoContent(),
            cancellation
        );

    private static Task<IResult> RowsAsync(
        string id,
        HttpRequest request,
        ISweepEngine engine,
        SweepBooks books,
        CancellationToken cancellation,
        int offset = 0,
        int limit = UsualRows,
        string? sort = null,
        string? order = null,
        string? find = null,
        string? outcome = null,
        string? verdict = null
    ) =>
        order is not (null or "asc" or "desc")
            ? Task.FromResult<IResult>(
                Problem.Of(StatusCodes.Status400BadRequest, $"order: '{order}' is neither asc nor desc")
            )
            : WithPictureAsync(
                id,
                engine,
                books,
                picture =>
                    TypedResults.Ok(
                        LiveRows.Of(
                            picture,
                            new RowQuery(offset, limit, sort, order == "desc", find, outcome, verdict, At(request))
                        )
                    ),
                cancellation
            );

    private static async Task<IResult> IncidentsAsync(
        string id,
        ISweepEngine engine,
        CancellationToken cancellation,
        int limit = UsualIncidents,
        long? before = null
    )
    {
        if (limit is < 1 or > MostIncidents)
        {
            return Problem.Of(
                StatusCodes.Status400BadRequest,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"limit: {limit} is not from 1 to {MostIncidents}; ask for the next page with before"
                )
            );
        }

        var sweep = new SweepId(id);
        return await engine.StatusAsync(sweep, cancellation) is null
            ? Problem.UnknownSweep(id)
            : TypedResults.Ok(await engine.Results.LatestIncidentsAsync(sweep, before, limit, cancellation));
    }

    private static async Task<IResult> WithPictureAsync(
        string id,
        ISweepEngine engine,
        SweepBooks books,
        Func<SweepPicture, IResult> answer,
        CancellationToken cancellation
    )
    {
        if (await engine.StatusAsync(new SweepId(id), cancellation) is not { } status)
        {
            return Problem.UnknownSweep(id);
        }

        var book = await books.OfAsync(status, cancellation);
        try
        {
            return answer(book?.Now(status) ?? SweepPicture.Empty);
        }
        catch (BadInputException wrong)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, string.Join('\n', wrong.Messages));
        }
    }

    private static Dictionary<string, string> At(HttpRequest request) =>
        request
            .Query.Where(q => q.Key.StartsWith(AtPrefix, StringComparison.Ordinal))
            .ToDictionary(q => q.Key[AtPrefix.Length..], q => q.Value.ToString(), StringComparer.Ordinal);
}
