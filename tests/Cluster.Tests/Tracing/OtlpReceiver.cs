using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Layerbench.Cluster.Tests.Tracing;

/// <param name="Trace">In hexadecimal digits.</param>
/// <param name="Parent">Empty: it begins its trace.</param>
internal sealed record ReceivedSpan(string Trace, string Id, string Parent, string Name);

/// <summary>
/// A collector of OTLP, over HTTP at one port and over gRPC without TLS at another: keeps spans, and how many messages of
/// metrics came to each.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<ReceivedSpan> spans = new();
    private int metrics;
    private int grpcMetrics;

    private OtlpReceiver(WebApplication app) => this.app = app;

    public IReadOnlyList<ReceivedSpan> Spans => [.. spans];

    public int Metrics => metrics;

    public int GrpcMetrics => grpcMetrics;

    public static async Task<OtlpReceiver> StartAsync(int http, int grpc)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.Listen(IPAddress.Loopback, http, l => l.Protocols = HttpProtocols.Http1);
            o.Listen(IPAddress.Loopback, grpc, l => l.Protocols = HttpProtocols.Http2);
        });
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.MapPost("/v1/traces", async (HttpRequest request) => receiver.Take(await BodyAsync(request)));
        receiver.app.MapPost("/v1/metrics", () => Interlocked.Increment(ref receiver.metrics));
        const string service = "/opentelemetry.proto.collector";
        receiver.app.MapPost(
            $"{service}.trace.v1.TraceService/Export",
            context => AnswerAsync(context, message => receiver.Take(message))
        );
        receiver.app.MapPost(
            $"{service}.metrics.v1.MetricsService/Export",
            context => AnswerAsync(context, _ => Interlocked.Increment(ref receiver.grpcMetrics))
        );
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>
    /// A unary call of gRPC over HTTP/2 (PROTOCOL-HTTP2.md of grpc): a byte that says whether the message is compressed, four
    /// for its length, the message; the status is in the trailers.
    /// </summary>
    private static async Task AnswerAsync(HttpContext context, Action<byte[]> take)
    {
        const int prefix = 5;
        var body = await BodyAsync(context.Request);
        body[0].ShouldBe((byte)0);
        take(body[prefix..]);
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[prefix]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    /// <summary>opentelemetry/proto/collector/trace/v1: resource_spans = 1, scope_spans = 2, spans = 2.</summary>
    private void Take(byte[] request)
    {
        foreach (var resource in Fields(request, 1))
        {
            foreach (var scope in Fields(resource, 2))
            {
                foreach (var span in Fields(scope, 2))
                {
                    spans.Enqueue(new ReceivedSpan(Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5)));
                }
            }
        }
    }

    private static string Hex(byte[] message, int field) =>
        Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    private static string Text(byte[] message, int field) =>
        Encoding.UTF8.GetString(Fields(message, field).FirstOrDefault() ?? []);

    /// <summary>The values of a field that has a length (protobuf's wire type 2).</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int field)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == field)
                    {
                        yield return message[at..(at + length)];
                    }

                    at += length;
                    break;
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
