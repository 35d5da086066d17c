using System.Diagnostics;
using System.Globalization;
using Layerbench.LocalCluster;
using Layerbench.LocalCluster.Records;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli.Cluster;

/// <summary>What <c>cluster</c> says.</summary>
internal static class ClusterText
{
    public static string Ready(ClusterRecord record, ClusterFolder folder)
    {
        var server = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{record.Port}");
        var dir = folder.Path == ClusterFolder.Usual ? "" : $" --dir {folder.Path}";
        var prometheus = record.PrometheusPort is { } port
            ? string.Create(CultureInfo.InvariantCulture, $", Prometheus http://127.0.0.1:{port}")
            : "";
        return $"""
            the cluster is up: {record.Silos.Count} silos, gateway {server}{prometheus}
              look: {server}/
              layerbench submit sweeps/quickstart.yaml --server {server}
              layerbench watch ID --server {server}
              layerbench cluster status{dir}
              layerbench cluster down{dir}
            logs: {folder.Logs}

            """;
    }

    public static IRenderable Table(IReadOnlyList<PartStatus> parts)
    {
        var table = new Table().Border(TableBorder.None).NoSafeBorder();
        foreach (var title in (string[])["part", "state", "process", "where", "devices", "log"])
        {
            table.AddColumn(new TableColumn(title).NoWrap().PadLeft(0).PadRight(2));
        }

        foreach (var part in parts)
        {
            table.AddRow(
                new Text(part.Name),
                new Text(Word(part.State)),
                new Text(
                    part.State == PartState.Down ? "" : part.Process?.Id.ToString(CultureInfo.InvariantCulture) ?? ""
                ),
                new Text(part.Where),
                new Text(part.Devices),
                new Text(part.Log)
            );
        }

        return table;
    }

    /// <summary>What to do about parts that are down; empty where all are up.</summary>
    /// <param name="options">With which the cluster is found, each after a space.</param>
    public static string Remedy(IReadOnlyList<PartStatus> parts, string options)
    {
        var down = parts.Where(p => p.State == PartState.Down).Select(p => p.Name).ToList();
        return down.Count == 0
            ? ""
            : $"down: {string.Join(", ", down)}; 'layerbench cluster up{options}' starts what is missing\n";
    }

    private static string Word(PartState state) =>
        state switch
        {
            PartState.Ready => "ready",
            PartState.NotReady => "not ready",
            PartState.Down => "down",
            _ => throw new UnreachableException(),
        };
}
