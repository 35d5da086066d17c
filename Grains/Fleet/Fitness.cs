using Layerbench.Cluster;
using Layerbench.Core;
using Layerbench.Core.Catalog;

namespace Layerbench.Grains.Fleet;

/// <summary>Whether a device may work for a sweep: pure.</summary>
internal static class Fitness
{
    /// <summary>Why it may not, in words that say what to do about it; null where it may.</summary>
    public static string? Refusal(ActiveSweep sweep, NodeInfo node, DeviceInfo device) =>
        OfNode(sweep.Needs, node) ?? OfDevice(sweep, device);

    /// <summary>Of all the node's devices, each reason once; null where none is refused.</summary>
    public static string? Refusals(ActiveSweep sweep, NodeInfo node)
    {
        if (OfNode(sweep.Needs, node) is { } reason)
        {
            return reason;
        }

        var refused = node
            .Devices.Select(d => (d.Id, Reason: OfDevice(sweep, d)))
            .Where(d => d.Reason is not null)
            .GroupBy(d => d.Reason, d => d.Id.Value, StringComparer.Ordinal)
            .Select(g => $"{string.Join(", ", g)}: {g.Key}");
        return string.Join("; ", refused) is { Length: > 0 } words ? words : null;
    }

    /// <summary>Whether the node has all that the sweep needs, so that a refusal of a device is what the sweep asked for.</summary>
    public static bool Suits(ActiveSweep sweep, NodeInfo node) => OfNode(sweep.Needs, node) is null;

    private static string? OfNode(SweepNeeds needs, NodeInfo node)
    {
        if (needs.Version.Length > 0 && !string.Equals(needs.Version, node.Version, StringComparison.Ordinal))
        {
            return $"its silo is layerbench {node.Version}, the sweep is measured with {needs.Version}; install that version, "
                + "or start the sweep again when all nodes have the new one";
        }

        foreach (var (backend, hash) in needs.Workers.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            if (!node.Workers.TryGetValue(backend, out var own))
            {
                var has =
                    node.Workers.Count == 0
                        ? "none"
                        : string.Join(", ", node.Workers.Keys.Order(StringComparer.Ordinal));
                return $"it cannot run the backend {backend} (it has {has}); `layerbench doctor` there says what is missing";
            }

            if (!string.Equals(own, hash, StringComparison.Ordinal))
            {
                return $"its worker of {backend} describes other variants ({own}) than the sweep was planned with ({hash}); "
                    + "install the same build on every node";
            }
        }

        return
            needs.PlugIns.FirstOrDefault(p => !node.PlugIns.Contains(p.Sha256, StringComparer.Ordinal)) is { } lacking
            ? $"it has not the plug-in '{lacking.File}' of SHA-256 {lacking.Sha256}; name that file in its setting PlugIns, and "
                + "start its silo again"
            : null;
    }

    private static string? OfDevice(ActiveSweep sweep, DeviceInfo device) =>
        device.Kind == VariantCatalog.Simulated && sweep.Needs.Workers.Keys.Any(b => b != VariantCatalog.Simulated)
            ? "simulated devices run the simulated backend only"
            : sweep.Needs.Devices.Refusal(device) ?? sweep.Terms.Devices?.Refusal(device);
}
