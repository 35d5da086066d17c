using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Layerbench.Cli;

namespace Layerbench.Web.Tests;

/// <summary>A connection that is reset in the middle of an answer that is read as it comes.</summary>
public sealed class BrokenAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ResultsThatBreakOffAreAnErrorAndNotTheirEnd()
    {
        await using var server = await TestServer.StartAsync();
        var id = (await server.SubmitAsync(Texts.Sweep(3))).Id;
        await server.Engine.RunAsync(id);
        using var output = new FirstWords();
        using var error = new StringWriter { NewLine = "\n" };
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var between = string.Create(CultureInfo.InvariantCulture, $"http://{listener.LocalEndpoint}");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var passing = PassOnAsync(listener, server, output.Come, end.Token);

        var code = await Composition.InvokeAsync(
            ["results", id.Value, "--server", between, "--csv"],
            new Terminal(
                output,
                error,
                outputIsTerminal: false,
                errorIsTerminal: false,
                colour: false,
                movesCursor: false,
                Terminal.Unfolded
            ),
            TimeProvider.System
        );

        output.ToString().ShouldBe("sweep,cell\n");
        error.ToString().ShouldStartWith($"error: {between}: no answer (");
        code.ShouldBe(ExitCode.BadInput);
        await end.CancelAsync();
        await passing;
    }

    /// <summary>Answers as the server does, but for the CSV: of that it gives the first line, and resets the connection once that has come.</summary>
    private static async Task PassOnAsync(
        TcpListener listener,
        TestServer server,
        Task come,
        CancellationToken cancellation
    )
    {
        using var client = server.Client();
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync(cancellation);
                await using var stream = connection.GetStream();
                var path = await PathAsync(stream, cancellation);
                if (path.EndsWith(".csv", StringComparison.Ordinal))
                {
                    await SendAsync(stream, 200, "sweep,cell\n"u8.ToArray(), length: 1 << 20);
                    await come.WaitAsync(cancellation);
                    connection.LingerState = new LingerOption(enable: true, seconds: 0);
                }
                else
                {
                    using var answer = await client.GetAsync(path, cancellation);
                    var body = await answer.Content.ReadAsByteArrayAsync(cancellation);
                    await SendAsync(stream, (int)answer.StatusCode, body, body.Length);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static async Task<string> PathAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, cancellation);
            head.Append((char)one[0]);
        }

        return head.ToString().Split(' ')[1];
    }

    private static async Task SendAsync(NetworkStream stream, int status, byte[] body, long length)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Token);
        await stream.WriteAsync(body, Token);
    }

    /// <summary>Tells when something was written.</summary>
    private sealed class FirstWords : StringWriter
    {
        private readonly TaskCompletionSource come = new();

        public Task Come => come.Task;

        public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            come.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
