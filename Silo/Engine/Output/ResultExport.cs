using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Output;

/// <summary>A sweep's derived rows as a stream, cell by cell: memory does not grow with what is measured of a cell.</summary>
public static class ResultExport
{
    public static async Task WriteCsvAsync(
        TextWriter writer,
        IResultReader results,
        SweepId sweep,
        AnalysisRule rule,
        CancellationToken cancellation = default
    )
    {
        var conclusion = await ResultRows.ConcludeAsync(results, sweep, rule, cancellation);
        var csv = new ResultsCsv(writer, sweep, conclusion);
        await csv.WriteHeaderAsync();
        await foreach (var rows in ResultRows.ReadAsync(results, sweep, rule, conclusion, cancellation))
        {
            foreach (var row in rows)
            {
                await csv.WriteAsync(row);
            }
        }
    }

    /// <summary>One JSON object a cell and line.</summary>
    public static async Task WriteJsonLinesAsync(
        Stream stream,
        IResultReader results,
        SweepId sweep,
        AnalysisRule rule,
        CancellationToken cancellation = default
    )
    {
        var conclusion = await ResultRows.ConcludeAsync(results, sweep, rule, cancellation);
        await foreach (var rows in ResultRows.ReadAsync(results, sweep, rule, conclusion, cancellation))
        {
            await ResultsJson.WriteCellAsync(stream, sweep, rows, cancellation);
        }
    }
}
