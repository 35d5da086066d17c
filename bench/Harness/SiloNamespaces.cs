using System.Diagnostics;
using System.Globalization;
using Layerbench.Core;
using Layerbench.Engine.Workers;
using Layerbench.LocalCluster.Records;

namespace Layerbench.Harness;

/// <summary>Which way a silo does not hear or is not heard.</summary>
[Flags]
public enum Cut
{
    /// <summary>What others send does not arrive.</summary>
    Deaf = 1,

    /// <summary>What it sends does not arrive.</summary>
    Mute = 2,

    Both = Deaf | Mute,
}

/// <summary>
/// A network namespace for every silo, joined by a bridge to each other and to this machine's own namespace, where
/// PostgreSQL and clients are; nftables inside a namespace cuts its silo off. Needs root.
/// </summary>
public sealed class SiloNamespaces : IDisposable
{
    private const string Network = "10.213.77";
    private const string Bridge = "lb-bridge";

    private SiloNamespaces(IReadOnlyList<SiloNetwork> silos) => Silos = silos;

    public IReadOnlyList<SiloNetwork> Silos { get; }

    /// <summary>Of this machine on the bridge.</summary>
    public string HostAddress => $"{Network}.1";

    /// <summary>Why there can be none here; null: there can.</summary>
    public static string? Missing() =>
        !Environment.IsPrivilegedProcess ? "network namespaces need root"
        : Programs.Find("ip") is null ? "the program ip is missing; apt-get install iproute2"
        : Programs.Find("nft") is null ? "the program nft is missing; apt-get install nftables"
        : null;

    /// <exception cref="BadInputException">One of ip's commands failed.</exception>
    public static SiloNamespaces Make(int count)
    {
        var silos = Enumerable
            .Range(1, count)
            .Select(i => new SiloNetwork(Text($"lb-silo-{i}"), Text($"{Network}.{i + 10}")))
            .ToList();
        var made = new SiloNamespaces(silos);
        made.Remove();
        try
        {
            Run("ip", "link", "add", Bridge, "type", "bridge");
            Run("ip", "address", "add", $"{made.HostAddress}/24", "dev", Bridge);
            Run("ip", "link", "set", Bridge, "up");
            for (var i = 0; i < silos.Count; i++)
            {
                var (name, outside, inside) = (silos[i].Namespace, Text($"lb-out-{i + 1}"), Text($"lb-in-{i + 1}"));
                Run("ip", "netns", "add", name);
                Run("ip", "link", "add", outside, "type", "veth", "peer", "name", inside);
                Run("ip", "link", "set", outside, "master", Bridge, "up");
                Run("ip", "link", "set", inside, "netns", name);
                Run("ip", "-n", name, "address", "add", $"{silos[i].Address}/24", "dev", inside);
                Run("ip", "-n", name, "link", "set", inside, "up");
                Run("ip", "-n", name, "link", "set", "lo", "up");
            }

            return made;
        }
        catch
        {
            made.Remove();
            throw;
        }
    }

    /// <summary>Drops packets silently, as a broken switch does: nobody is told that a connection has ended.</summary>
    public static void CutOff(SiloNetwork silo, Cut cut)
    {
        Nft(silo, "add table inet cut");
        Chain("in", "input", "iifname", cut.HasFlag(Cut.Deaf));
        Chain("out", "output", "oifname", cut.HasFlag(Cut.Mute));

        void Chain(string name, string hook, string side, bool isCut)
        {
            if (isCut)
            {
                Nft(silo, $"add chain inet cut {name} {{ type filter hook {hook} priority 0; policy accept; }}");
                Nft(silo, $"add rule inet cut {name} {side} != \"lo\" drop");
            }
        }
    }

    public static void Heal(SiloNetwork silo) => Nft(silo, "delete table inet cut");

    public void Dispose() => Remove();

    private void Remove()
    {
        foreach (var silo in Silos)
        {
            Try("ip", "netns", "delete", silo.Namespace);
        }

        Try("ip", "link", "delete", Bridge);
    }

    private static void Nft(SiloNetwork silo, string command) =>
        Run("ip", "netns", "exec", silo.Namespace, "nft", command);

    private static void Run(params string[] command)
    {
        if (Try(command) is { } problem)
        {
            throw new BadInputException($"'{string.Join(' ', command)}' failed: {problem}");
        }
    }

    /// <returns>What it said where it failed; null: it did not.</returns>
    private static string? Try(params string[] command)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = Process.Start(info)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : said.Trim();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
