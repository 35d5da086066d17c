using System.Text;

namespace Layerbench.Engine.Workers;

/// <summary>The last bytes of a stream, however much came before; written by one thread, read by any.</summary>
internal sealed class StderrTail(int capacity = StderrTail.DefaultCapacity)
{
    public const int DefaultCapacity = 16 * 1024;

    private readonly Lock gate = new();
    private readonly byte[] ring = new byte[capacity];
    private long written;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            written += Math.Max(0, bytes.Length - capacity);
            bytes = bytes[Math.Max(0, bytes.Length - capacity)..];
            var at = (int)(written % capacity);
            var first = Math.Min(bytes.Length, capacity - at);
            bytes[..first].CopyTo(ring.AsSpan(at));
            bytes[first..].CopyTo(ring);
            written += bytes.Length;
        }
    }

    /// <summary>As UTF-8; a character cut in two at the start is replaced.</summary>
    public override string ToString()
    {
        lock (gate)
        {
            if (written <= capacity)
            {
                return Encoding.UTF8.GetString(ring, 0, (int)written);
            }

            var at = (int)(written % capacity);
            return Encoding.UTF8.GetString([.. ring[at..], .. ring[..at]]);
        }
    }
}
