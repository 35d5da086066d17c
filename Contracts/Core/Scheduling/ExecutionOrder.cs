using System.Numerics;

namespace Layerbench.Core.Scheduling;

/// <summary>
/// The order in which a plan's indices are looked at, without a list of them: windows of consecutive positions, each of
/// which is then run longest expected first (see <see cref="Frontier"/>).
/// </summary>
/// <remarks>
/// A plan of up to <see cref="ExactLimit"/> indices is one window, so its order is exactly longest first (LPT, Graham
/// 1969, doi:10.1137/0117039). A larger plan is cut into windows after a seeded shuffle: every window is a random sample
/// of the plan, and what decides the makespan, that the last cells to start are short ones, holds because the last
/// window also ends with its shortest. What it gives up: the longest cell of the last window may start late, so the
/// excess over a perfect packing is bounded by that one cell, which a plan this large does not notice.
/// </remarks>
internal sealed class ExecutionOrder
{
    /// <summary>Sorting needs every cell once; at 10 to 20 µs a cell the first lease stays well under a second.</summary>
    public const int ExactLimit = 1 << 15;

    private const int SmallestWindow = 1 << 13;
    private const int CellsPerDeviceInWindow = 32;

    private readonly SeededPermutation? shuffle;

    public ExecutionOrder(long size, int devices, ulong seed)
    {
        Size = size;
        if (size <= ExactLimit)
        {
            WindowSize = ExactLimit;
            return;
        }

        var wanted = BitOperations.RoundUpToPowerOf2((ulong)devices * CellsPerDeviceInWindow);
        WindowSize = (int)Math.Clamp(wanted, SmallestWindow, ExactLimit);
        shuffle = new SeededPermutation(size, SeededRandom.Derive(seed, "execution order"));
    }

    public long Size { get; }

    /// <summary>Positions in a window; the last window may have fewer.</summary>
    public int WindowSize { get; }

    public long Windows => (Size + WindowSize - 1) / WindowSize;

    public long IndexAt(long position) => shuffle?.At(position) ?? position;

    public long PositionOf(long index) => shuffle?.IndexOf(index) ?? index;
}
