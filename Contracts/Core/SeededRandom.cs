using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Layerbench.Core;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195): small, seeded, the same on every machine and
/// runtime, which <see cref="Random"/> does not promise. Not for secrets.
/// </summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>A generator of its own for one purpose, e.g. <c>SeededRandom.For(seed, "orders", cellId, launch)</c>.</summary>
    public static SeededRandom For(ulong seed, params ReadOnlySpan<object> purpose) => new(Derive(seed, purpose));

    /// <summary>A seed that depends on every part of the purpose: the first 8 bytes of a SHA-256.</summary>
    public static ulong Derive(ulong seed, params ReadOnlySpan<object> purpose)
    {
        var text = new StringBuilder(seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach (var part in purpose)
        {
            text.Append('\u001f').Append(System.Globalization.CultureInfo.InvariantCulture, $"{part}");
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    public ulong NextUInt64()
    {
        var z = state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>), without bias (Lemire 2019).</summary>
    public long NextInt64(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var n = (ulong)bound;
        var threshold = (0UL - n) % n;
        while (true)
        {
            var high = Math.BigMul(NextUInt64(), n, out var low);
            if (low >= threshold)
            {
                return (long)high;
            }
        }
    }

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>In place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)NextInt64(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
