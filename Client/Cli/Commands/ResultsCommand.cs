using System.CommandLine;
using Layerbench.Cli.Remote;
using Layerbench.Cli.Sweeping;
using Layerbench.Cli.Views;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;

namespace Layerbench.Cli.Commands;

/// <summary>Shows what a folder has measured, also while a run is going on.</summary>
internal static class ResultsCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var folder = new Argument<string>("DIR")
        {
            Description = "An output folder of `run`, or a sweep: its id, enough of it, or its name.",
        };
        var csv = new Option<bool>("--csv") { Description = "Print CSV, one row per cell and variant." };
        var json = new Option<bool>("--json") { Description = "Print JSON, one object per cell and line." };
        var cell = new Option<string?>("--cell")
        {
            Description = "Show one cell launch by launch; its id or the beginning of it.",
            HelpName = "ID",
        };
        var sweep = SharedOptions.Sweep();
        var most = new Option<int>("--cells")
        {
            Description = "Cells in the table.",
            HelpName = "N",
            DefaultValueFactory = _ => Answer.ShownCells,
        };
        var server = new ServerOptions();
        var command = new DocumentedCommand(
            "results",
            "Show what a folder has measured: a table, CSV or JSON.",
            "layerbench results results/quickstart",
            "layerbench results results/quickstart --csv > quickstart.csv",
            "layerbench results results/quickstart --cell 1f3a",
            "layerbench results quickstart-1f3a9c20 --server http://127.0.0.1:8080"
        )
        {
            folder,
            csv,
            json,
            cell,
            sweep,
            most,
        };
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var shown = new Shown(
                    parsed.GetValue(csv),
                    parsed.GetValue(json),
                    parsed.GetValue(cell),
                    Math.Max(0, parsed.GetValue(most))
                );
                await using var run = await NamedRun.OpenAsync(
                    parsed.GetValue(folder)!,
                    parsed.GetValue(sweep),
                    server,
                    parsed,
                    time,
                    cancellation
                );
                await run.WriteNotesAsync(terminal, withStanding: shown.Csv || shown.Json);
                await ShowAsync(terminal, run, shown, cancellation);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task ShowAsync(Terminal terminal, NamedRun run, Shown shown, CancellationToken cancellation)
    {
        var (results, chosen) = (run.Results, run.Sweep);
        var rule = Answer.RuleOf(chosen);
        if (shown.Cell is { } id)
        {
            await ShowCellAsync(terminal, results, chosen, id, cancellation);
        }
        else if (run.Remote is { } remote && (shown.Csv || shown.Json))
        {
            // The rows are derived there, so that samples need not travel for them.
            var file = shown.Csv ? DerivedFiles.CsvName : DerivedFiles.JsonLinesName;
            await remote.CopyAsync(file, terminal.Output, cancellation);
        }
        else if (shown.Csv)
        {
            await ResultExport.WriteCsvAsync(terminal.Output, results, chosen.Id, rule, cancellation);
        }
        else if (shown.Json)
        {
            await using var output = Console.OpenStandardOutput();
            await using var buffered = new BufferedStream(output);
            await ResultExport.WriteJsonLinesAsync(buffered, results, chosen.Id, rule, cancellation);
        }
        else
        {
            await Answer.WriteStandingAsync(terminal, run.Standing);
            await Answer.WriteAsync(terminal, results, chosen, shown.MostCells, cancellation);
        }
    }

    private static async Task ShowCellAsync(
        Terminal terminal,
        IResultReader store,
        SweepRecord sweep,
        string wanted,
        CancellationToken cancellation
    )
    {
        List<CellResult> found = [];
        await foreach (var cell in store.CellsAsync(sweep.Id, cancellation))
        {
            if (cell.Id.Value.StartsWith(wanted, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(cell);
            }
        }

        if (found.Count != 1)
        {
            throw new BadInputException(
                $"--cell '{wanted}' is the beginning of {found.Count} cells of {sweep.Id}; results.csv and --json have the ids in the column cell"
            );
        }

        var launches = await store.LaunchesAsync(sweep.Id, found[0].Id, cancellation);
        var incidents = (await store.IncidentsAsync(sweep.Id, cancellation)).Where(i => i.Cell == found[0].Id);
        terminal.Write(CellView.Draw(found[0], launches, [.. incidents]));
    }

    /// <summary>What is to be shown.</summary>
    private sealed record Shown(bool Csv, bool Json, string? Cell, int MostCells);
}
