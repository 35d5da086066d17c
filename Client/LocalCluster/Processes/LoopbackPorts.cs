using System.Net;
using System.Net.Sockets;

namespace Layerbench.LocalCluster.Processes;

/// <summary>Ports on loopback that nobody listens on.</summary>
public static class LoopbackPorts
{
    /// <summary>Above these the kernel takes ports for outgoing connections (ip_local_port_range), so a free one may not stay free.</summary>
    private const int Last = 32767;

    /// <summary>The first from here on that is free and none of those; it is added to them.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static int Take(int from, ISet<int> taken)
    {
        for (var port = from; port <= Last; port++)
        {
            if (!taken.Contains(port) && IsFree(port))
            {
                taken.Add(port);
                return port;
            }
        }

        throw new InvalidOperationException($"No port from {from} to {Last} is free on loopback.");
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
