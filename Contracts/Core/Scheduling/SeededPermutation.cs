namespace Layerbench.Core.Scheduling;

/// <summary>
/// A seeded bijection of [0, size) that needs no memory: a balanced Feistel network (Luby, Rackoff 1988,
/// doi:10.1137/0217022) over the next even number of bits, walked until it lands inside (Black, Rogaway 2002,
/// doi:10.1007/3-540-45760-7_9). Fewer than four steps of the walk are expected, for any size.
/// </summary>
internal sealed class SeededPermutation
{
    // Four rounds make every half depend on every bit; the network has to look shuffled, not to keep secrets.
    private const int Rounds = 4;

    private readonly ulong size;
    private readonly int halfBits;
    private readonly ulong halfMask;
    private readonly ulong[] keys = new ulong[Rounds];

    public SeededPermutation(long size, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        this.size = (ulong)size;
        var bits = 64 - System.Numerics.BitOperations.LeadingZeroCount(this.size - 1);
        halfBits = Math.Max(1, (bits + 1) / 2);
        halfMask = (1UL << halfBits) - 1;
        var random = SeededRandom.For(seed, "execution order");
        for (var round = 0; round < Rounds; round++)
        {
            keys[round] = random.NextUInt64();
        }
    }

    public long Forward(long value)
    {
        var x = (ulong)value;
        do
        {
            var (left, right) = (x >> halfBits, x & halfMask);
            for (var round = 0; round < Rounds; round++)
            {
                (left, right) = (right, left ^ Mixed(right, round));
            }

            x = (left << halfBits) | right;
        } while (x >= size);

        return (long)x;
    }

    public long Inverse(long value)
    {
        var x = (ulong)value;
        do
        {
            var (left, right) = (x >> halfBits, x & halfMask);
            for (var round = Rounds - 1; round >= 0; round--)
            {
                (left, right) = (right ^ Mixed(left, round), left);
            }

            x = (left << halfBits) | right;
        } while (x >= size);

        return (long)x;
    }

    // SplitMix64's finalizer, see SeededRandom.
    private ulong Mixed(ulong half, int round)
    {
        var z = half + keys[round];
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return (z ^ (z >> 31)) & halfMask;
    }
}
