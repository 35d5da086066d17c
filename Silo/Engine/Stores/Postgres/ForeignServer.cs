using System.Net.Sockets;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>
/// Tells a server that is no PostgreSQL from one that is down: the driver tries again without encryption where a server
/// answers its first request with anything, and waits there for what never comes.
/// </summary>
internal static class ForeignServer
{
    private static readonly TimeSpan longest = TimeSpan.FromSeconds(2);

    /// <summary>SSLRequest; a PostgreSQL answers S, N, or E with an error (https://www.postgresql.org/docs/current/protocol-message-formats.html).</summary>
    private static readonly byte[] request = [0, 0, 0, 8, 4, 210, 22, 47];

    /// <summary>True: something answers there, and not as a PostgreSQL would.</summary>
    public static async Task<bool> IsAtAsync(PostgresAddress address, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(longest);
        try
        {
            await client.ConnectAsync(address.Host, address.Port, limit.Token);
            await client.GetStream().WriteAsync(request, limit.Token);
            var answer = new byte[1];
            return await client.GetStream().ReadAsync(answer, limit.Token) == 1
                && answer[0] is not ((byte)'S' or (byte)'N' or (byte)'E');
        }
        catch (Exception error)
            when (error is SocketException or IOException or OperationCanceledException or ArgumentException
                && !cancellation.IsCancellationRequested
            )
        {
            return false;
        }
    }
}
