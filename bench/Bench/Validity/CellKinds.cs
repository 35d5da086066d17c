using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Bench.Validity;

/// <summary>
/// The cells that are measured, all of <c>ffn.dense</c>. A cell holds pairs of identical layers; within a pair the first
/// is the baseline of the second, which is the same again or the same with 3% of extra work. Pairs share blocks and
/// process, no sample.
/// </summary>
internal static class CellKinds
{
    /// <summary>Pairs of each sort in a cell of the grid: a warm-up and a place in a launch serve several verdicts.</summary>
    public const int GridPairs = 2;

    public const int GridCellsPerLaunch = 10;

    /// <summary>Shapes of the grid, which return every so many cells.</summary>
    public const int GridShapes = 10;

    public const int DeepCellsPerLaunch = 6;

    /// <summary>Every so many cells are also measured one variant after the other.</summary>
    public const int SequentialEvery = 5;

    /// <summary>For looks up to 48 launches: batch, tokens, width, threads. Kernels of microseconds, on all of two CPUs, and layers larger than a second-level cache are noisy by nature.</summary>
    private static readonly (long Batch, long Tokens, long Width, int Threads)[] deep =
    [
        (1, 1, 8, 1),
        (1, 8, 16, 1),
        (8, 32, 64, 1),
        (8, 32, 128, 1),
        (1, 1, 512, 1),
        (1, 1, 1024, 1),
        (1, 8, 16, 2),
        (4, 32, 96, 2),
        (8, 32, 64, 2),
        (8, 32, 128, 2),
        (1, 1, 512, 2),
        (1, 1, 1024, 2),
    ];

    /// <summary>Cells of one process in the deep part: the first or the second half of them.</summary>
    public static int DeepGroups => deep.Length / DeepCellsPerLaunch;

    public static int Threads(bool isDeep, int cell) => isDeep ? deep[cell % deep.Length].Threads : 1;

    public static int Pairs(bool isDeep) => isDeep ? 1 : GridPairs;

    /// <summary>The baseline and its second side, <see cref="Pairs"/> times the same, then as often slower.</summary>
    public static IReadOnlyList<PreparedVariant> Variants(bool isDeep, int cell)
    {
        var parameters = Parameters(isDeep, cell);
        var pairs = Pairs(isDeep);
        return
        [
            .. Enumerable
                .Range(0, 4 * pairs)
                .Select(place => new PreparedVariant(
                    $"v{place}",
                    "ffn.dense",
                    parameters,
                    place >= 2 * pairs && place % 2 == 1 ? RawLaunch.Extra : null
                )),
        ];
    }

    private static Dictionary<string, AxisValue> Parameters(bool isDeep, int cell)
    {
        long[] widths = [32, 48, 64, 96, 128];
        var (batch, tokens, width, _) = isDeep
            ? deep[cell % deep.Length]
            : (cell / widths.Length % 2 == 0 ? 4L : 8L, 32L, widths[cell % widths.Length], 1);
        return new(StringComparer.Ordinal)
        {
            ["batch"] = AxisValue.Of(batch),
            ["seq_len"] = AxisValue.Of(tokens),
            ["d_model"] = AxisValue.Of(width),
            ["d_ff"] = AxisValue.Of(4 * width),
        };
    }
}
