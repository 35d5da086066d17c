using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Layerbench.Telemetry;

/// <summary>Which instruments of others are shown: those that somebody who runs a cluster looks at, described.</summary>
internal static class Selection
{
    public const string RuntimeMeter = "System.Runtime";
    public const string OrleansMeter = "Microsoft.Orleans";

    /// <summary>Names that would be taken for a histogram's count.</summary>
    private static readonly HashSet<string> unusualNames = new(StringComparer.Ordinal)
    {
        "dotnet.assembly.count",
        "dotnet.process.cpu.count",
        "dotnet.timer.count",
    };

    /// <summary>Orleans describes none of its own, and has some two hundred series a silo.</summary>
    private static readonly Dictionary<string, string> orleans = new(StringComparer.Ordinal)
    {
        ["orleans-app-requests-canceled"] = "Grain calls that were cancelled.",
        ["orleans-app-requests-timedout"] = "Grain calls that were not answered in time.",
        ["orleans-catalog-activations"] = "Grains that are active in this silo.",
        ["orleans-client-connected-gateways"] = "Silos that this client is connected to.",
        ["orleans-gateway-connected-clients"] = "Clients that are connected to this silo.",
        ["orleans-messaging-expired"] = "Messages that were too late.",
        ["orleans-messaging-pings-reply-missed"] = "Probes of other silos that were not answered.",
        ["orleans-messaging-pings-sent"] = "Probes of other silos.",
        ["orleans-messaging-rejected"] = "Messages that were refused.",
        ["orleans-messaging-rerouted"] = "Messages that were sent on to where their grain is now.",
        ["orleans-networking-sockets-closed"] = "Connections that were closed.",
        ["orleans-networking-sockets-opened"] = "Connections that were opened.",
        ["orleans-scheduler-long-running-turns"] = "Turns of grains that took longer than they should.",
    };

    /// <summary>For a view of the SDK: how the instrument is shown; null: as it is.</summary>
    public static MetricStreamConfiguration? Of(Instrument instrument) =>
        instrument.Meter.Name switch
        {
            RuntimeMeter when unusualNames.Contains(instrument.Name) => MetricStreamConfiguration.Drop,
            OrleansMeter => orleans.TryGetValue(instrument.Name, out var description)
                ? new MetricStreamConfiguration { Description = description }
                : MetricStreamConfiguration.Drop,
            _ => null,
        };
}
