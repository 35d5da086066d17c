using System.Net;
using System.Net.Sockets;

namespace Layerbench.Engine.Tests.Stores.Postgres;

/// <summary>
/// Stands between a client and a server on loopback; on demand it lets the server answer a request that holds a given text,
/// and cuts the connection in place of passing the answer on.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closed = new();
    private readonly int target;
    private readonly Task accepting;
    private volatile byte[]? cutAt;
    private int cuts;

    public CuttingProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Cuts => cuts;

    /// <summary>The next request that holds this text, in ASCII, is the last one of its connection.</summary>
    public void CutAt(string text) => cutAt = System.Text.Encoding.ASCII.GetBytes(text);

    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync();
        listener.Dispose();
        await accepting;
        closed.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(closed.Token)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using var cut = new CancellationTokenSource();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(closed.Token, cut.Token);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target, closed.Token);
            var cutting = new StrongBox();
            await Task.WhenAny(
                PassAsync(client, server, request => cutting.Value |= IsCut(request), over.Token),
                PassAsync(
                    server,
                    client,
                    _ =>
                    {
                        if (cutting.Value)
                        {
                            throw new IOException("cut");
                        }
                    },
                    over.Token
                )
            );
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException)
        {
            // The connection is over.
        }
        finally
        {
            await cut.CancelAsync();
            client.Dispose();
        }
    }

    private bool IsCut(ReadOnlyMemory<byte> request)
    {
        if (cutAt is not { } text || request.Span.IndexOf(text) < 0)
        {
            return false;
        }

        cutAt = null;
        Interlocked.Increment(ref cuts);
        return true;
    }

    private static async Task PassAsync(
        TcpClient from,
        TcpClient to,
        Action<ReadOnlyMemory<byte>> seen,
        CancellationToken over
    )
    {
        var buffer = new byte[1 << 16];
        int length;
        while ((length = await from.GetStream().ReadAsync(buffer, over)) > 0)
        {
            seen(buffer.AsMemory(0, length));
            await to.GetStream().WriteAsync(buffer.AsMemory(0, length), over);
        }
    }

    private sealed class StrongBox
    {
        public volatile bool Value;
    }
}
