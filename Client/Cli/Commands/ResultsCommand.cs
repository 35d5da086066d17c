using System.CommandLine;
using Layerbench.Cli.Sweeping;
using Layerbench.Cli.Views;
using Layerbench.Core.Results;
using Layerbench.Engine.Output;

namespace Layerbench.Cli.Commands;

/// <summary>Shows what a folder has measured, also while a run is going on.</summary>
internal static class ResultsCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "An output folder of `run`." };
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
        var command = new DocumentedCommand(
            "results",
            "Show what a folder has measured: a table, CSV or JSON.",
            "layerbench results results/quickstart",
            "layerbench results results/quickstart --csv > quickstart.csv",
            "layerbench results results/quickstart --cell 1f3a"
        )
        {
            folder,
            csv,
            json,
            cell,
            sweep,
            most,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var path = parsed.GetValue(folder)!;
                await using var store = OutputFolder.OpenForReading(path);
                var sweeps = await store.SweepsAsync(cancellation);
                var chosen = StoredSweeps.Choose(path, sweeps, parsed.GetValue(sweep));
                if (sweeps.Count > 1 && parsed.GetValue(sweep) is null)
                {
                    await terminal.Error.WriteLineAsync(
                        $"note: {chosen.Id}; the folder also has {string.Join(", ", sweeps.Where(s => s != chosen).Select(s => s.Id))} (--sweep)"
                    );
                }

                if (parsed.GetValue(cell) is { } id)
                {
                    await ShowCellAsync(terminal, store, chosen, id, cancellation);
                }
                else if (parsed.GetValue(csv))
                {
                    await WriteCsvAsync(terminal, store, chosen, cancellation);
                }
                else if (parsed.GetValue(json))
                {
                    await WriteJsonAsync(store, chosen, cancellation);
                }
                else
                {
                    await Answer.WriteAsync(terminal, store, chosen, Math.Max(0, parsed.GetValue(most)), cancellation);
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task WriteCsvAsync(
        Terminal terminal,
        IResultReader store,
        SweepRecord sweep,
        CancellationToken cancellation
    )
    {
        var rule = Answer.RuleOf(sweep);
        var conclusion = await ResultRows.ConcludeAsync(store, sweep.Id, rule, cancellation);
        var csv = new ResultsCsv(terminal.Output, sweep.Id, conclusion);
        await csv.WriteHeaderAsync();
        await foreach (var rows in ResultRows.ReadAsync(store, sweep.Id, rule, conclusion, cancellation))
        {
            foreach (var row in rows)
            {
                await csv.WriteAsync(row);
            }
        }
    }

    private static async Task WriteJsonAsync(IResultReader store, SweepRecord sweep, CancellationToken cancellation)
    {
        await using var output = Console.OpenStandardOutput();
        await using var buffered = new BufferedStream(output);
        var rule = Answer.RuleOf(sweep);
        var conclusion = await ResultRows.ConcludeAsync(store, sweep.Id, rule, cancellation);
        await foreach (var rows in ResultRows.ReadAsync(store, sweep.Id, rule, conclusion, cancellation))
        {
            await ResultsJson.WriteCellAsync(buffered, sweep.Id, rows, cancellation);
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
}
