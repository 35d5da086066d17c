using System.CommandLine;
using Layerbench.Cli.Sweeping;
using Layerbench.Cli.Views;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Workers;

namespace Layerbench.Cli.Commands;

/// <summary>Finds sweeps under folders.</summary>
internal static class RunsCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("DIR") { Description = "Where to look; here if not given." };
        var command = new DocumentedCommand(
            "runs",
            "Find sweeps under folders and say how far each has come.",
            "layerbench runs",
            "layerbench runs results /data/bench"
        )
        {
            folders,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var roots = parsed.GetValue(folders) is { Length: > 0 } given ? given : ["."];
                if (roots.FirstOrDefault(r => !Directory.Exists(r)) is { } absent)
                {
                    throw new BadInputException($"'{absent}' is no folder; name one that has runs in it");
                }

                var catalog = (await WorkerCatalog.DiscoverAsync(WorkerSearch.Default, cancellation)).Variants;
                List<FoundRun> runs = [];
                foreach (var folder in roots.SelectMany(r => FoundRun.Folders(r)).Distinct(StringComparer.Ordinal))
                {
                    try
                    {
                        runs.AddRange(await FoundRun.ReadAsync(folder, catalog, cancellation));
                    }
                    catch (StoreException e)
                    {
                        await terminal.Error.WriteLineAsync($"note: {e.Message}");
                    }
                }

                if (runs.Count == 0)
                {
                    await terminal.Output.WriteLineAsync($"no runs under {string.Join(", ", roots)}");
                }
                else
                {
                    terminal.Write(RunsView.Draw(runs));
                }

                return ExitCode.Done;
            }
        );
        return command;
    }
}
