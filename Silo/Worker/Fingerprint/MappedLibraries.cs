using System.Runtime.InteropServices;
using Layerbench.Worker.Native;

namespace Layerbench.Worker.Fingerprint;

/// <summary>What <c>/proc/self/maps</c> says of the libraries in use, by their files' real names, which have the versions.</summary>
internal sealed class MappedLibraries
{
    private const string InLibtorch = "inside libtorch";

    private readonly IReadOnlyList<string> paths;

    private MappedLibraries(IReadOnlyList<string> paths) => this.paths = paths;

    public static MappedLibraries Read() =>
        new([
            .. File.ReadLines("/proc/self/maps")
                .Select(l => l.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? l[at..] : "")
                .Where(path => path.Contains(".so", StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ]);

    /// <summary>E.g. <c>libtcmalloc_minimal.so.4.5.10</c>, or glibc's with its version and the thresholds set for it.</summary>
    public string Allocator => Name("libtcmalloc", "libjemalloc", "libmimalloc") ?? Glibc();

    public string Blas =>
        Name("libopenblas", "libmkl_core", "libmkl_rt", "libblis", "libblas", "libcublas.so") ?? InLibtorch;

    public string OpenMp => Name("libgomp", "libiomp", "libomp") ?? InLibtorch;

    /// <summary>
    /// OpenBLAS with threads of its own keeps a count beside libtorch's, from a variable that may not be set.
    /// </summary>
    public unsafe void BindBlasThreads(int threads)
    {
        if (OpenBlas("openblas_set_num_threads") is var set and not 0)
        {
            ((delegate* unmanaged[Cdecl]<int, void>)set)(threads);
        }
    }

    /// <summary>For which processor OpenBLAS took its kernels, e.g. <c>SkylakeX</c>; null where another library is in use.</summary>
    public unsafe string? OpenBlasKernels() =>
        OpenBlas("openblas_get_corename") is var name and not 0
            ? Marshal.PtrToStringAnsi(((delegate* unmanaged[Cdecl]<nint>)name)())
            : null;

    /// <summary>Address of a function of OpenBLAS; 0 where it is not in use, or has none of that name.</summary>
    private nint OpenBlas(string function) =>
        Find("libopenblas") is { } path
        && NativeLibrary.TryLoad(path, out var library)
        && NativeLibrary.TryGetExport(library, function, out var address)
            ? address
            : 0;

    private string? Name(params string[] prefixes) => Path.GetFileName(Find(prefixes));

    private string? Find(params string[] prefixes) =>
        prefixes
            .Select(prefix =>
                paths.FirstOrDefault(p => Path.GetFileName(p.AsSpan()).StartsWith(prefix, StringComparison.Ordinal))
            )
            .FirstOrDefault(p => p is not null);

    private static string Glibc()
    {
        string[] thresholds = ["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"];
        var set = thresholds
            .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
            .Where(v => !string.IsNullOrEmpty(v.Value))
            .Select(v => $" {v.Name}={v.Value}");
        return $"glibc {Marshal.PtrToStringAnsi(Libc.GlibcVersion())}{string.Concat(set)}";
    }
}
