using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>A cluster's nodes, a row for each device, and who has had them.</summary>
internal static class NodesView
{
    /// <param name="users">Empty: nobody has worked lately.</param>
    public static IRenderable Draw(IReadOnlyList<FleetNode> nodes, IReadOnlyList<UserShare> users)
    {
        List<IRenderable> parts = [Nodes(nodes)];
        parts.AddRange(nodes.SelectMany(n => n.Notes.Select(note => new Text(OwnName.In($"{n.Name}: {note}")))));
        if (users.Count > 0)
        {
            parts.Add(Users(users));
        }

        return new Rows(parts);
    }

    private static Table Nodes(IReadOnlyList<FleetNode> nodes)
    {
        var table = WithColumns("node", "state", "version", "device", "model", "memory", "works for");
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

        return table;
    }

    private static Table Users(IReadOnlyList<UserShare> users)
    {
        var table = WithColumns("user", "devices", "share of device time, of late");
        foreach (var user in users)
        {
            table.AddRow(
                new Text(user.User),
                new Text(Units.Count(user.Devices)),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{100 * user.Share:0.#}%"))
            );
        }

        return table;
    }

    private static Table WithColumns(params string[] headers)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(header).NoWrap());
        }

        return table;
    }
}
