using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Layerbench.Core.Protocol;

namespace Layerbench.Engine.Workers;

/// <summary>A reply, or in what way the worker broke the protocol (after which nothing more is read).</summary>
internal readonly record struct Received(Reply? Reply, string? Violation);

/// <summary>Splits a worker's standard output into lines and reads each as a reply.</summary>
internal sealed class ReplyReader(Stream stream, ChannelWriter<Received> replies, int maximumLineBytes)
{
    public const int DefaultMaximumLineBytes = 16 * 1024 * 1024;

    private byte[] buffer = new byte[64 * 1024];

    /// <summary>Runs until the stream ends, the worker breaks the protocol or nobody listens any more; blocks its thread.</summary>
    public void Run()
    {
        var filled = 0;
        while (Fill(filled) is var count && count > 0)
        {
            var start = 0;
            var searched = filled;
            filled += count;
            while (buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n') is var offset && offset >= 0)
            {
                var end = searched + offset;
                if (end - start > maximumLineBytes)
                {
                    Post(TooLong());
                    return;
                }

                if (!Post(Read(buffer.AsSpan(start, end - start))))
                {
                    return;
                }

                start = searched = end + 1;
            }

            if (filled - start > maximumLineBytes)
            {
                Post(TooLong());
                return;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
        }

        if (filled > 0)
        {
            Post(new Received(null, $"ended in the middle of a line: {Excerpt(buffer.AsSpan(0, filled))}"));
        }
    }

    private int Fill(int filled)
    {
        if (filled == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        try
        {
            return stream.Read(buffer, filled, buffer.Length - filled);
        }
        catch (IOException)
        {
            return 0; // the pipe was closed under us, which is how a killed worker's reader ends
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>False: stop, because the protocol is broken or the other side has gone.</summary>
    private bool Post(Received received)
    {
        // A full channel makes this thread, then the pipe, then the worker wait.
        while (!replies.TryWrite(received))
        {
            if (!replies.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
            {
                return false;
            }
        }

        return received.Violation is null;
    }

    private static Received Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<Reply>(line, ProtocolJson.Options) is { } reply
                ? new Received(reply, null)
                : new Received(null, "wrote 'null' where a message was due");
        }
        catch (JsonException e)
        {
            return new Received(null, $"wrote a line that is no message ({e.Message}): {Excerpt(line)}");
        }
        catch (NotSupportedException)
        {
            // What the serializer throws where the first key is not "type".
            return new Received(null, $"wrote a line without a type: {Excerpt(line)}");
        }
    }

    private Received TooLong() =>
        new(null, $"wrote a line longer than {maximumLineBytes} bytes: {Excerpt(buffer.AsSpan(0, 200))}");

    private static string Excerpt(ReadOnlySpan<byte> line)
    {
        var text = new StringBuilder();
        foreach (var c in Encoding.UTF8.GetString(line[..Math.Min(line.Length, 120)]))
        {
            text.Append(char.IsControl(c) ? '\ufffd' : c);
        }

        return line.Length > 120 ? text.Append('…').ToString() : text.ToString();
    }
}
