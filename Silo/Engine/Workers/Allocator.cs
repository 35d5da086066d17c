namespace Layerbench.Engine.Workers;

/// <summary>
/// The memory allocator that time launches on a CPU run with. glibc's distorts some cases about threefold by the
/// history of the process, so tcmalloc or jemalloc is preloaded where the machine has one; docs/devices.md.
/// </summary>
/// <param name="Name">For the fingerprint: <c>tcmalloc_minimal.so.4.5.10</c>, <c>glibc</c>.</param>
/// <param name="Path">What LD_PRELOAD gets; null for glibc's own.</param>
public sealed record Allocator(string Name, string? Path)
{
    public static Allocator Glibc { get; } = new("glibc", null);

    private static readonly string[] Libraries = ["libtcmalloc_minimal.so.4", "libjemalloc.so.2"];

    private static readonly string[] Folders =
    [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64",
        "/usr/lib",
        "/usr/local/lib",
        "/lib/x86_64-linux-gnu",
        "/lib/aarch64-linux-gnu",
    ];

    /// <summary>tcmalloc, else jemalloc, else glibc's. LAYERBENCH_ALLOCATOR names a library file, or <c>glibc</c>.</summary>
    public static Allocator Find() => Find(Folders, Environment.GetEnvironmentVariable("LAYERBENCH_ALLOCATOR"));

    internal static Allocator Find(IReadOnlyList<string> folders, string? chosen)
    {
        if (string.Equals(chosen, "glibc", StringComparison.Ordinal))
        {
            return Glibc;
        }

        if (chosen is { Length: > 0 })
        {
            return File.Exists(chosen)
                ? Of(chosen)
                : throw new FileNotFoundException(
                    $"LAYERBENCH_ALLOCATOR: '{chosen}' is not a file; name a library such as /usr/lib/x86_64-linux-gnu/libjemalloc.so.2, or glibc.",
                    chosen
                );
        }

        return Libraries
                .SelectMany(library => folders.Select(folder => System.IO.Path.Combine(folder, library)))
                .Where(File.Exists)
                .Select(Of)
                .FirstOrDefault()
            ?? Glibc;
    }

    /// <summary>Named by the file behind the link, which has the whole version.</summary>
    private static Allocator Of(string path) =>
        new(System.IO.Path.GetFileName(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path), path);
}
