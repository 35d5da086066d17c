using System.Text;
using System.Text.Json;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Analysis.Scaling;
using Layerbench.Core.Results;

namespace Layerbench.Engine.Output;

/// <summary>
/// The files that are derived from a store: <c>results.csv</c>, <c>results.jsonl</c>, <c>environment.json</c>. The same
/// store gives the same bytes. Cell by cell: memory does not grow with the sweep.
/// </summary>
public static class DerivedFiles
{
    public const string CsvName = "results.csv";
    public const string JsonLinesName = "results.jsonl";
    public const string EnvironmentName = "environment.json";
    public const string ScalingName = "scaling.json";

    /// <param name="folder">Where they go; files of these names are replaced, each whole.</param>
    /// <param name="command">The command line, as given; it stands in <c>environment.json</c>.</param>
    /// <exception cref="Stores.StoreException">The folder cannot be written, or the store not be read.</exception>
    public static async Task WriteAsync(
        string folder,
        IResultReader store,
        SweepRecord sweep,
        AnalysisRule rule,
        string command,
        CancellationToken cancellation = default
    )
    {
        var conclusion = await ResultRows.ConcludeAsync(store, sweep.Id, rule, cancellation);
        // Both from one pass, so that a cell is estimated once.
        await AtomicFile.WriteAsync(
            Path.Combine(folder, CsvName),
            csvStream =>
                AtomicFile.WriteAsync(
                    Path.Combine(folder, JsonLinesName),
                    async jsonStream =>
                    {
                        await using var text = new StreamWriter(csvStream, new UTF8Encoding(false), leaveOpen: true);
                        var csv = new ResultsCsv(text, sweep.Id, conclusion);
                        await csv.WriteHeaderAsync();
                        await foreach (
                            var rows in ResultRows.ReadAsync(store, sweep.Id, rule, conclusion, cancellation)
                        )
                        {
                            foreach (var row in rows)
                            {
                                await csv.WriteAsync(row);
                            }

                            await ResultsJson.WriteCellAsync(jsonStream, sweep.Id, rows, cancellation);
                        }
                    }
                )
        );
        var fingerprints = await store.FingerprintsAsync(sweep.Id, cancellation);
        await AtomicFile.WriteAsync(
            Path.Combine(folder, EnvironmentName),
            stream => ResultsJson.WriteEnvironmentAsync(stream, sweep, command, fingerprints, cancellation)
        );
    }

    /// <summary>Replaces <c>scaling.json</c>: exponents and crossovers, one object.</summary>
    /// <exception cref="Stores.StoreException">The folder cannot be written.</exception>
    public static Task WriteScalingAsync(string folder, SweepId sweep, ScalingReport report) =>
        AtomicFile.WriteAsync(
            Path.Combine(folder, ScalingName),
            async stream =>
            {
                await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
                json.WriteStartObject();
                json.WriteString("sweep", sweep.Value);
                ScalingJson.Write(json, report);
                json.WriteEndObject();
            }
        );
}
