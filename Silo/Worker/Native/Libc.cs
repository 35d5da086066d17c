using System.Runtime.InteropServices;

namespace Layerbench.Worker.Native;

/// <summary>The calls of the C library that .NET has no word for.</summary>
internal static partial class Libc
{
    private const string Library = "libc";

    /// <summary><c>CLOCK_PROCESS_CPUTIME_ID</c> of Linux: CPU time of all threads of the process.</summary>
    private const int ProcessCpuClock = 2;

    private const int ResourceUsageOfSelf = 0;

    [LibraryImport(Library, EntryPoint = "dup", SetLastError = true)]
    internal static partial int Duplicate(int descriptor);

    [LibraryImport(Library, EntryPoint = "dup2", SetLastError = true)]
    internal static partial int DuplicateTo(int descriptor, int target);

    /// <summary>Ends the process at once: no finalisers, no exit handlers of native libraries, which can hang.</summary>
    [LibraryImport(Library, EntryPoint = "_exit")]
    internal static partial void ExitNow(int status);

    [LibraryImport(Library, EntryPoint = "gnu_get_libc_version")]
    internal static partial IntPtr GlibcVersion();

    /// <summary>Gives freed memory back to the kernel, where glibc's malloc has it.</summary>
    internal static bool TrimHeap() => MallocTrim(0) == 1;

    [LibraryImport(Library, EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint keep);

    /// <summary>CPU time of the process since it started, in nanoseconds.</summary>
    internal static long ProcessCpuNanoseconds() =>
        ClockGetTime(ProcessCpuClock, out var time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : -1;

    /// <summary>How often the kernel took a CPU away from a thread of this process; −1 where it does not say.</summary>
    internal static long InvoluntarySwitches() =>
        GetResourceUsage(ResourceUsageOfSelf, out var usage) == 0 ? usage.InvoluntarySwitches : -1;

    // Neither call blocks nor runs managed code, so the transition to preemptive mode can be left out: ~10 ns each way.
    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, out ResourceUsage usage);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary><c>struct rusage</c> of 64-bit Linux: two timevals, then 14 longs of which <c>ru_nivcsw</c> is the last.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct ResourceUsage
    {
        [FieldOffset(136)]
        public long InvoluntarySwitches;
    }
}
