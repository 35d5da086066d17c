using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>A cluster's nodes, a row for each device.</summary>
internal static class NodesView
{
    public static IRenderable Draw(IReadOnlyList<FleetNode> nodes)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var header in (string[])["node", "state", "version", "device", "model", "memory", "works for"])
        {
            table.AddColumn(new TableColumn(header).NoWrap());
        }

        foreach (var node in nodes)
        {
            var first = true;
            foreach (var device in node.Devices.Select(d => (FleetDevice?)d).DefaultIfEmpty(null))
            {
                table.AddRow(
                    new Text(first ? node.Name : ""),
                    new Text(
                        !first ? ""
                        : node.LostSince is { } since ? $"lost since {NodeText.Clock(since)}"
                        : node.Draining ? "draining"
                        : "up"
                    ),
                    new Text(first ? node.Version : ""),
                    new Text(device?.Device.Id.Value ?? (node.LostSince is null ? "none" : "")),
                    new Text(device?.Device.Model ?? ""),
                    new Text(device is null ? "" : Units.Bytes(device.Device.MemoryBytes)),
                    new Text(device?.Sweep?.Value ?? "")
                );
                first = false;
            }
        }

        var notes = nodes
            .SelectMany(n => n.Notes.Select(note => (IRenderable)new Text(OwnName.In($"{n.Name}: {note}"))))
            .ToList();
        return notes.Count == 0 ? table : new Rows([table, .. notes]);
    }
}
