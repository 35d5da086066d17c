using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Native;
using Microsoft.Win32.SafeHandles;

namespace Layerbench.Worker.Session;

/// <summary>
/// One JSON object a line over what were standard input and output. Whatever else writes to standard output, native
/// libraries included, ends up in standard error.
/// </summary>
internal sealed class ProtocolChannel : IDisposable
{
    private const int MaximumLineBytes = 16 << 20;
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    private static readonly TimeSpan AfterAnswer = TimeSpan.FromMilliseconds(100);

    private readonly FileStream output;
    private readonly BlockingCollection<byte[]> lines = [];
    private volatile bool byeSeen;
    private volatile bool idle;

    private ProtocolChannel(FileStream output) => this.output = output;

    public static ProtocolChannel Open()
    {
        var kept = Libc.Duplicate(StandardOutput);
        if (kept < 0 || Libc.DuplicateTo(StandardError, StandardOutput) < 0)
        {
            throw new IOException("Standard output could not be set apart for the protocol; is it open?");
        }

        var channel = new ProtocolChannel(
            new FileStream(new SafeFileHandle(kept, ownsHandle: true), FileAccess.Write, bufferSize: 0)
        );
        // A thread that only reads: tensors are the main thread's (their scopes are per thread), which may be in
        // native code for minutes, and the end of the input must end the process at once all the same.
        new Thread(channel.ReadLines) { IsBackground = true, Name = "protocol input" }.Start();
        return channel;
    }

    /// <summary>The next line; waits for it.</summary>
    public byte[] ReadLine()
    {
        idle = true;
        var line = lines.Take();
        idle = false;
        return line;
    }

    /// <summary>The next line, waited for in the middle of a work: the end of the input is not an end in peace.</summary>
    public byte[] ReadAnswer() => lines.Take();

    /// <exception cref="InvalidOperationException">The reply is longer than a line may be.</exception>
    public void Send(Reply reply)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(reply, ProtocolJson.Options);
        if (json.Length >= MaximumLineBytes)
        {
            throw new InvalidOperationException(
                $"The answer has {json.Length} bytes, a line at most {MaximumLineBytes}; ask for fewer or smaller tensors."
            );
        }

        output.Write([.. json, (byte)'\n']);
    }

    public void Dispose()
    {
        output.Dispose();
        lines.Dispose();
    }

    private void ReadLines()
    {
        using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        var line = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (input.Read(buffer) is var count and > 0)
        {
            var rest = buffer.AsSpan(0, count);
            while (rest.IndexOf((byte)'\n') is var end and >= 0)
            {
                line.Write(rest[..end]);
                Take(line);
                rest = rest[(end + 1)..];
            }

            line.Write(rest);
            if (line.Length > MaximumLineBytes)
            {
                Console.Error.WriteLine($"worker: a line is longer than {MaximumLineBytes} bytes; giving up.");
                Libc.ExitNow(1);
            }
        }

        // The engine is gone. After a bye the answer to it is still owed.
        if (!byeSeen)
        {
            // An answer that the engine has read may have been written a moment before the work is over here.
            Libc.ExitNow(SpinWait.SpinUntil(() => idle && lines.Count == 0, AfterAnswer) ? 0 : 1);
        }
    }

    private void Take(MemoryStream line)
    {
        var bytes = line.ToArray();
        line.SetLength(0);
        // A cheap look that needs no parser; a text that merely contains it only loses the hurry at the end of input.
        if (
            Encoding
                .UTF8.GetString(bytes.AsSpan(0, Math.Min(64, bytes.Length)))
                .Contains("\"bye\"", StringComparison.Ordinal)
        )
        {
            byeSeen = true;
        }

        lines.Add(bytes);
    }
}
