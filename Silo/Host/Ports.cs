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
            var (name, port) in new[]
            {
                (nameof(settings.SiloPort), settings.SiloPort),
                (nameof(settings.GatewayPort), settings.GatewayPort),
                (nameof(settings.HttpPort), settings.HttpPort),
            }.Where(p => p.Item2 != 0)
        )
        {
            if (Problem(port) is { } problem)
            {
                yield return $"{name}: {port} cannot be listened on ({problem}); stop what uses it, or give another port";
            }
        }
    }

    private static string? Problem(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
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
