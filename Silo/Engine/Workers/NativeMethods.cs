using System.Runtime.InteropServices;

namespace Layerbench.Engine.Workers;

internal static partial class NativeMethods
{
    public const int SigKill = 9;

    /// <summary>kill(2); a negative <paramref name="pid"/> is a process group.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Kill(int pid, int signal);
}
