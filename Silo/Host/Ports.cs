using System.Net;
using System.Net.Sockets;

namespace Layerbench.Silo;

/// <summary>
/// Whether the silo's ports are free. Orleans listens with SO_REUSEPORT, so a second silo on the same ports would start
/// without a word, and each would get some of the other's connections.
/// </summary>
internal static class Ports
{
    public static IEnumerable<string> Taken(SiloSettings settings)
    {
        foreach (
            var (name, address, port) in new[]
            {
                (nameof(settings.SiloPort), settings.Address, settings.SiloPort),
                (nameof(settings.GatewayPort), settings.Address, settings.GatewayPort),
                (nameof(settings.HttpPort), settings.HttpAddress, settings.HttpPort),
            }.Where(p => p.Item3 != 0)
        )
        {
            if (Problem(IPAddress.Parse(address), port) is { } problem)
            {
                yield return $"{name}: {port} cannot be listened on ({problem}); stop what uses it, or give another port";
            }
        }
    }

    private static string? Problem(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return null;
        }
        catch (SocketException error)
        {
            return error.Message;
        }
    }
}
