using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>One frame of the live view.</summary>
internal static class LiveFrame
{
    private const int BarWidth = 30;

    /// <summary>A frame taller than the terminal cannot be drawn over.</summary>
    private const int MostDevices = 8;

    public static IRenderable Draw(RunPicture picture, DateTimeOffset now, string? said)
    {
        List<IRenderable> rows = [new Markup(Head(picture, now))];
        var devices = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn();
        var all = picture.Devices.ToList();
        foreach (var (device, doing) in all.Take(MostDevices))
        {
            devices.AddRow(new Markup($"[bold]{Markup.Escape(device.Value)}[/]"), new Text(doing).Ellipsis());
        }

        if (all.Count > MostDevices)
        {
            devices.AddRow(new Text("…"), new Text($"and {Units.Count(all.Count - MostDevices, "more device")}"));
        }

        rows.Add(devices);
        Add(rows, picture.Results, "grey", "latest results");
        Add(rows, picture.Incidents, "yellow", $"{Units.Count(picture.IncidentCount, "incident")}, the latest");
        if (said is not null)
        {
            rows.Add(new Markup($"[yellow]{Markup.Escape(said)}[/]"));
        }

        return new Rows(rows);
    }

    private static string Head(RunPicture picture, DateTimeOffset now)
    {
        var share = picture.Cells == 0 ? 0 : Math.Clamp(picture.Progress / picture.Cells, 0, 1);
        var full = (int)Math.Floor(share * BarWidth);
        var bar = $"[green]{new string('━', full)}[/][grey]{new string('─', BarWidth - full)}[/]";
        var elapsed = picture.StartedAt is { } start ? Units.Duration(now - start) : "0 s";
        var failed = picture.Failures == 0 ? "" : $", [red]{Units.Count(picture.Failures)} failed[/]";
        return $"[bold]{Markup.Escape(picture.Sweep?.Value ?? "starting")}[/] {bar} "
            + $"{picture.Line()}{failed}, {elapsed} so far";
    }

    private static void Add(List<IRenderable> rows, IReadOnlyCollection<string> lines, string style, string title)
    {
        if (lines.Count == 0)
        {
            return;
        }

        rows.Add(new Markup($"[{style}]{title}[/]"));
        rows.AddRange(lines.Select(line => new Padder(new Text(line).Ellipsis(), new Padding(2, 0, 0, 0))));
    }
}
