using System.Globalization;
using Layerbench.Cli.Sweeping;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>Sweeps that were found, newest last.</summary>
internal static class RunsView
{
    public static IRenderable Draw(IReadOnlyList<FoundRun> runs)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var header in (string[])["folder", "sweep", "state", "cells", "failed", "started"])
        {
            table.AddColumn(new TableColumn(header).NoWrap());
        }

        foreach (var run in runs.OrderBy(r => r.Sweep.CreatedAt))
        {
            table.AddRow(
                new Text(run.Folder),
                new Text(run.Sweep.Id.Value),
                new Text(run.State),
                new Text($"{Units.Count(run.Finished)} of {(run.Cells is { } cells ? Units.Count(cells) : "?")}"),
                new Text(Units.Count(run.Failed)),
                new Text(run.Sweep.CreatedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture))
            );
        }

        return table;
    }
}
