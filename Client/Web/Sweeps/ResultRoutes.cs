using System.Text;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;
using Layerbench.SweepFiles;
using Layerbench.Web.Access;
using Layerbench.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Layerbench.Web.Sweeps;

/// <summary>
/// What has been measured: derived rows, the same as on one machine, and the launches that they are derived from. All of it
/// is written cell by cell, and can be asked for while the sweep runs.
/// </summary>
internal static class ResultRoutes
{
    private const string Csv = "text/csv";
    private const string JsonLines = "application/x-ndjson";
    private const string Yaml = "application/yaml";

    public static void MapResults(this RouteGroupBuilder api)
    {
        var sweep = api.MapGroup("/sweeps/{id}").RequireAuthorization(Roles.View).WithTags("Results");
        sweep
            .MapGet("/results.csv", CsvAsync)
            .WithSummary("One row a cell and variant; docs/results.md has the columns.")
            .Produces<string>(StatusCodes.Status200OK, Csv)
            .ProducesProblem(StatusCodes.Status404NotFound);
        sweep
            .MapGet("/results.jsonl", JsonLinesAsync)
            .WithSummary("One JSON object a cell and line; docs/results.md has the keys.")
            .Produces<string>(StatusCodes.Status200OK, JsonLines)
            .ProducesProblem(StatusCodes.Status404NotFound);
        sweep
            .MapGet("/spec", SpecAsync)
            .WithSummary("The sweep's text, settings applied.")
            .Produces<string>(StatusCodes.Status200OK, Yaml)
            .ProducesProblem(StatusCodes.Status404NotFound);
        sweep
            .MapGet("/measured", MeasuredAsync)
            .WithSummary("What the store has of the sweep beside its cells: environments, canaries, counts.")
            .Produces<MeasuredSweep>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        sweep
            .MapGet("/cells", CellsAsync)
            .WithSummary("Finished cells with their launches, one JSON object a line, by plan index.")
            .Produces<MeasuredCell>(StatusCodes.Status200OK, JsonLines)
            .ProducesProblem(StatusCodes.Status404NotFound);
        sweep
            .MapGet("/cells/{cell}/launches", LaunchesAsync)
            .WithSummary("One cell's launches that are kept.")
            .Produces<IReadOnlyList<LaunchRecord>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        sweep
            .MapGet("/incidents", IncidentsAsync)
            .WithSummary("Every death of a worker and every error that one reported, with the end of its stderr.")
            .Produces<IReadOnlyList<Incident>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Task<IResult> CsvAsync(string id, ISweepEngine engine, CancellationToken cancellation) =>
        WithSweepAsync(
            id,
            engine,
            record =>
                TypedResults.Stream(
                    async body =>
                    {
                        await using var text = new StreamWriter(body, new UTF8Encoding(false), leaveOpen: true);
                        var rule = SweepFile.RuleOf(record.Spec);
                        await ResultExport.WriteCsvAsync(text, engine.Results, record.Id, rule, cancellation);
                    },
                    Csv
                ),
            cancellation
        );

    private static Task<IResult> JsonLinesAsync(string id, ISweepEngine engine, CancellationToken cancellation) =>
        WithSweepAsync(
            id,
            engine,
            record =>
                TypedResults.Stream(
                    async body =>
                    {
                        await using var buffered = new BufferedStream(body, 1 << 16);
                        var rule = SweepFile.RuleOf(record.Spec);
                        await ResultExport.WriteJsonLinesAsync(buffered, engine.Results, record.Id, rule, cancellation);
                    },
                    JsonLines
                ),
            cancellation
        );

    private static Task<IResult> SpecAsync(string id, ISweepEngine engine, CancellationToken cancellation) =>
        WithSweepAsync(id, engine, record => TypedResults.Text(record.Spec, Yaml), cancellation);

    private static Task<IResult> MeasuredAsync(string id, ISweepEngine engine, CancellationToken cancellation) =>
        WithSweepAsync(
            id,
            engine,
            async record =>
            {
                var results = engine.Results;
                return TypedResults.Ok(
                    new MeasuredSweep(
                        record,
                        await results.CanariesAsync(record.Id, cancellation),
                        await results.FingerprintsAsync(record.Id, cancellation),
                        await results.RungsAsync(record.Id, cancellation),
                        await results.LaunchCountAsync(record.Id, cancellation),
                        await results.CountsAsync(record.Id, cancellation)
                    )
                );
            },
            cancellation
        );

    private static Task<IResult> CellsAsync(string id, ISweepEngine engine, CancellationToken cancellation) =>
        WithSweepAsync(
            id,
            engine,
            record => TypedResults.Stream(body => WriteCellsAsync(body, record.Id, engine, cancellation), JsonLines),
            cancellation
        );

    private static async Task WriteCellsAsync(
        Stream body,
        SweepId sweep,
        ISweepEngine engine,
        CancellationToken cancellation
    )
    {
        await foreach (var cell in engine.Results.MeasuredAsync(sweep, cancellation))
        {
            await JsonSerializer.SerializeAsync(body, cell, CoreJson.Options, cancellation);
            await body.WriteAsync("\n"u8.ToArray(), cancellation);
        }
    }

    private static Task<IResult> LaunchesAsync(
        string id,
        string cell,
        ISweepEngine engine,
        CancellationToken cancellation
    ) =>
        WithSweepAsync(
            id,
            engine,
            async record =>
                TypedResults.Ok(await engine.Results.LaunchesAsync(record.Id, new CellId(cell), cancellation)),
            cancellation
        );

    private static Task<IResult> IncidentsAsync(string id, ISweepEngine engine, CancellationToken cancellation) =>
        WithSweepAsync(
            id,
            engine,
            async record => TypedResults.Ok(await engine.Results.IncidentsAsync(record.Id, cancellation)),
            cancellation
        );

    private static Task<IResult> WithSweepAsync(
        string id,
        ISweepEngine engine,
        Func<SweepRecord, IResult> result,
        CancellationToken cancellation
    ) => WithSweepAsync(id, engine, record => Task.FromResult(result(record)), cancellation);

    private static async Task<IResult> WithSweepAsync(
        string id,
        ISweepEngine engine,
        Func<SweepRecord, Task<IResult>> result,
        CancellationToken cancellation
    ) =>
        await engine.Results.SweepAsync(new SweepId(id), cancellation) is { } record
            ? await result(record)
            : Problem.UnknownSweep(id);
}
