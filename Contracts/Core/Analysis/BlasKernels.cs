namespace Layerbench.Core.Analysis;

/// <summary>
/// Whether OpenBLAS runs the kernels that the processor could run. It chooses them by a list of processors it knows; of
/// one that it does not know, or in a virtual machine that hides a feature, it takes much older ones, and products of
/// matrices are several times slower than they need be: then a comparison of layers is one of libraries.
/// </summary>
public static class BlasKernels
{
    /// <summary>Of the fingerprint: the name of OpenBLAS' kernels, e.g. <c>SkylakeX</c>; absent for other libraries.</summary>
    public const string Entry = "blas_kernels";

    /// <summary>Of the fingerprint: the widest of <see cref="Vectors"/> that the processor has.</summary>
    public const string VectorsEntry = "cpu_vectors";

    /// <summary>Vector instructions of x86 in rising order, as <c>/proc/cpuinfo</c> calls them.</summary>
    public static IReadOnlyList<string> Vectors { get; } = ["sse2", "avx", "avx2", "avx512f"];

    /// <summary>OpenBLAS' x86 targets (its TargetList.txt) that need more than SSE.</summary>
    private static readonly Dictionary<string, string> needs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Sandybridge"] = "avx",
        ["Bulldozer"] = "avx",
        ["Piledriver"] = "avx",
        ["Steamroller"] = "avx",
        ["Haswell"] = "avx2",
        ["Excavator"] = "avx2",
        ["Zen"] = "avx2",
        ["SkylakeX"] = "avx512f",
        ["Cooperlake"] = "avx512f",
        ["Sapphirerapids"] = "avx512f",
    };

    private static readonly Dictionary<string, string> repairs = new(StringComparer.Ordinal)
    {
        ["avx"] = "Sandybridge",
        ["avx2"] = "Haswell",
        ["avx512f"] = "SkylakeX",
    };

    /// <summary>Null where nothing is known to be wrong.</summary>
    public static BlasProblem? Problem(IReadOnlyDictionary<string, string> fingerprint)
    {
        if (
            !fingerprint.TryGetValue(Entry, out var kernels)
            || !fingerprint.TryGetValue(VectorsEntry, out var vectors)
            || !repairs.TryGetValue(vectors, out var repair)
            || Rank(needs.GetValueOrDefault(kernels, Vectors[0])) >= Rank(vectors)
        )
        {
            return null;
        }

        return new(
            $"OpenBLAS runs its kernels for {kernels} on a processor with {vectors}: products of matrices may be several times slower than they need be",
            $"OPENBLAS_CORETYPE={repair}"
        );
    }

    private static int Rank(string vectors) => Vectors.ToList().IndexOf(vectors);
}

/// <param name="Said">What is wrong.</param>
/// <param name="Variable">What to set, as <c>NAME=VALUE</c>.</param>
public readonly record struct BlasProblem(string Said, string Variable);
