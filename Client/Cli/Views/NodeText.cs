using System.Globalization;

namespace Layerbench.Cli.Views;

/// <summary>Nodes that are lost, in lines.</summary>
internal static class NodeText
{
    /// <summary><c>node gpu-7: lost, last heard of at 2026-11-22 12:03:20</c></summary>
    public static string Lost(FleetNode node) =>
        $"node {node.Name}: lost, last heard of at {Clock(node.LostSince ?? node.LastHeard)}";

    public static string Back(string node) => $"node {node}: is back";

    /// <summary>What is to be known of the nodes beside sweeps: those that are lost, or that none is there.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<FleetNode> nodes)
    {
        foreach (var lost in nodes.Where(n => n.LostSince is not null))
        {
            yield return Lost(lost);
        }

        if (nodes.All(n => n.LostSince is not null))
        {
            yield return "no node is there, so nothing runs until one is";
        }
    }

    /// <summary>By this machine's clock.</summary>
    public static string Clock(DateTimeOffset at) =>
        at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
