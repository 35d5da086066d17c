using System.Runtime.InteropServices;
using System.Text;

namespace Layerbench.Worker.Native;

/// <summary>
/// The CUDA driver: events, free memory, the device's name. TorchSharp has none of them (dotnet/TorchSharp#1431), and the
/// runtime library that libtorch brings has a hashed file name; the driver's is always <c>libcuda.so.1</c>. Calls that
/// need a context use the one libtorch made current on this thread.
/// </summary>
internal static partial class CudaDriver
{
    private const string Library = "libcuda.so.1";

    [LibraryImport(Library, EntryPoint = "cuInit")]
    internal static partial int Initialise(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDriverGetVersion")]
    internal static partial int DriverVersion(out int version);

    [LibraryImport(Library, EntryPoint = "cuDeviceGet")]
    internal static partial int Device(out int device, int ordinal);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    internal static partial int MemoryInfo(out nuint freeBytes, out nuint totalBytes);

    [LibraryImport(Library, EntryPoint = "cuEventCreate")]
    internal static partial int EventCreate(out IntPtr happening, uint flags);

    [LibraryImport(Library, EntryPoint = "cuEventRecord")]
    internal static partial int EventRecord(IntPtr happening, IntPtr stream);

    [LibraryImport(Library, EntryPoint = "cuEventSynchronize")]
    internal static partial int EventSynchronise(IntPtr happening);

    [LibraryImport(Library, EntryPoint = "cuEventElapsedTime")]
    internal static partial int EventElapsed(out float milliseconds, IntPtr start, IntPtr end);

    internal static string DeviceName(int device)
    {
        var name = new byte[256];
        Check(GetDeviceName(name, name.Length, device), "cuDeviceGetName");
        return Encoding.ASCII.GetString(name).TrimEnd('\0');
    }

    /// <summary>As nvidia-smi prints it: <c>GPU-xxxxxxxx-xxxx-…</c>.</summary>
    internal static string DeviceUuid(int device)
    {
        var uuid = new byte[16];
        Check(GetDeviceUuid(uuid, device), "cuDeviceGetUuid");
        return $"GPU-{new Guid(uuid, bigEndian: true):D}";
    }

    internal static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw new InvalidOperationException(
                $"{call} of the CUDA driver answered {result}; see CUresult in cuda.h for its meaning."
            );
        }
    }

    [LibraryImport(Library, EntryPoint = "cuDeviceGetName")]
    private static partial int GetDeviceName(byte[] name, int length, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetUuid")]
    private static partial int GetDeviceUuid(byte[] uuid, int device);
}
