using System.Globalization;
using Layerbench.Core;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Views;

/// <summary>The devices of this machine.</summary>
internal static class DevicesView
{
    public static IRenderable Draw(IReadOnlyList<DeviceInfo> devices)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (var header in (string[])["device", "model", "CPUs", "memory"])
        {
            table.AddColumn(new TableColumn(header).NoWrap());
        }

        foreach (var device in devices)
        {
            table.AddRow(
                new Text(device.Id.Value),
                new Text(device.Model),
                new Text(Cpus(device)),
                new Text(Units.Bytes(device.MemoryBytes))
            );
        }

        return table;
    }

    /// <summary><c>AMD EPYC 9B14, CPUs 0-3, 8.00 GiB</c></summary>
    public static string Line(DeviceInfo device) =>
        $"{device.Model}, {(device.Cpus.Count == 0 ? "" : $"CPUs {Cpus(device)}, ")}{Units.Bytes(device.MemoryBytes)}";

    /// <summary><c>0-3,8</c></summary>
    private static string Cpus(DeviceInfo device)
    {
        List<string> runs = [];
        var cpus = device.Cpus.Order().ToList();
        for (var i = 0; i < cpus.Count; )
        {
            var j = i;
            while (j + 1 < cpus.Count && cpus[j + 1] == cpus[j] + 1)
            {
                j++;
            }

            runs.Add(
                i == j
                    ? cpus[i].ToString(CultureInfo.InvariantCulture)
                    : string.Create(CultureInfo.InvariantCulture, $"{cpus[i]}-{cpus[j]}")
            );
            i = j + 1;
        }

        return string.Join(',', runs);
    }
}
