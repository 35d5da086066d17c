using System.Runtime.InteropServices;
using Layerbench.Worker.Native;

namespace Layerbench.Worker.Fingerprint;

/// <summary>What <c>/proc/self/maps</c> says of the libraries in use, by their files' real names, which have the versions.</summary>
internal sealed class MappedLibraries
{
    private readonly IReadOnlyList<string> files;

    private MappedLibraries(IReadOnlyList<string> files) => this.files = files;

    public static MappedLibraries Read() =>
        new([
            .. File.ReadLines("/proc/self/maps")
                .Select(l => l.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? l[at..] : "")
                .Where(path => path.Contains(".so", StringComparison.Ordinal))
                .Select(path => Path.GetFileName(path))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ]);

    /// <summary>E.g. <c>libtcmalloc_minimal.so.4.5.10</c>, or glibc's with its version and the thresholds set for it.</summary>
    public string Allocator => Find("libtcmalloc", "libjemalloc", "libmimalloc") ?? Glibc();

    public string Blas =>
        Find("libopenblas", "libmkl_core", "libmkl_rt", "libblis", "libblas", "libcublas.so") ?? InLibtorch;

    public string OpenMp => Find("libgomp", "libiomp", "libomp") ?? InLibtorch;

    private const string InLibtorch = "inside libtorch";

    private string? Find(params string[] prefixes) =>
        prefixes
            .Select(prefix => files.FirstOrDefault(f => f.StartsWith(prefix, StringComparison.Ordinal)))
            .FirstOrDefault(f => f is not null);

    private static string Glibc()
    {
        string[] thresholds = ["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"];
        var set = thresholds
            .Select(name => (Name: name, Value: System.Environment.GetEnvironmentVariable(name)))
            .Where(v => !string.IsNullOrEmpty(v.Value))
            .Select(v => $" {v.Name}={v.Value}");
        return $"glibc {Marshal.PtrToStringAnsi(Libc.GlibcVersion())}{string.Concat(set)}";
    }
}
