using System.Numerics;

namespace Layerbench.Core;

/// <summary>
/// A permutation of 0 … size−1 that is computed index by index and never listed: a Feistel network of six rounds
/// (Luby and Rackoff 1988, doi:10.1137/0217022) on the least even number of bits that holds the size, walked along its
/// cycle until it lands inside (Black and Rogaway 2002, doi:10.1007/3-540-45760-7_9). Not for secrets.
/// </summary>
internal sealed class SeededPermutation
{
    private const int Rounds = 6;

    private readonly ulong[] keys = new ulong[Rounds];
    private readonly int halfBits;
    private readonly ulong halfMask;

    public SeededPermutation(long size, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        Size = size;
        var bits = Math.Max(2, 64 - BitOperations.LeadingZeroCount((ulong)size - 1));
        halfBits = (bits + 1) / 2;
        halfMask = (1UL << halfBits) - 1;
        var random = new SeededRandom(seed);
        for (var i = 0; i < Rounds; i++)
        {
            keys[i] = random.NextUInt64();
        }
    }

    public long Size { get; }

    /// <summary>Where the permutation sends <paramref name="index"/>. Fewer than four steps of the walk are expected.</summary>
    public long At(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        var value = (ulong)index;
        do
        {
            value = Encrypt(value);
        } while (value >= (ulong)Size);
        return (long)value;
    }

    /// <summary>The index that <see cref="At"/> sends to <paramref name="place"/>.</summary>
    public long IndexOf(long place)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, Size);
        var value = (ulong)place;
        do
        {
            value = Decrypt(value);
        } while (value >= (ulong)Size);
        return (long)value;
    }

    private ulong Encrypt(ulong value)
    {
        var left = value >> halfBits;
        var right = value & halfMask;
        foreach (var key in keys)
        {
            (left, right) = (right, left ^ (Mix(right ^ key) & halfMask));
        }

        return (left << halfBits) | right;
    }

    private ulong Decrypt(ulong value)
    {
        var left = value >> halfBits;
        var right = value & halfMask;
        for (var round = Rounds - 1; round >= 0; round--)
        {
            (left, right) = (right ^ (Mix(left ^ keys[round]) & halfMask), left);
        }

        return (left << halfBits) | right;
    }

    /// <summary>SplitMix64's finaliser (Steele, Lea, Flood 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
