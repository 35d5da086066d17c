using System.Runtime.InteropServices;

namespace Layerbench.Engine.Devices;

/// <summary>
/// NVIDIA's management library, loaded and started: bound by hand so that a machine without it simply has no GPUs and a
/// test can bring a library of its own. Its functions return 0 for success. Source: NVML API reference, nvml.h.
/// </summary>
internal sealed unsafe class NvmlLibrary : IDisposable
{
    private readonly nint handle;
    private bool disposed;

    private NvmlLibrary(nint handle) => this.handle = handle;

    /// <summary>Null where the library is absent or will not start (no driver).</summary>
    public static NvmlLibrary? Open(string path)
    {
        if (!NativeLibrary.TryLoad(path, out var handle))
        {
            return null;
        }

        var library = new NvmlLibrary(handle);
        var start = (delegate* unmanaged[Cdecl]<int>)library.Export("nvmlInit_v2");
        if (start is not null && start() == 0)
        {
            return library;
        }

        NativeLibrary.Free(handle);
        return null;
    }

    /// <summary>The function's address; null where this version has none of that name.</summary>
    public void* Export(string name) =>
        NativeLibrary.TryGetExport(handle, name, out var address) ? (void*)address : null;

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        var stop = (delegate* unmanaged[Cdecl]<int>)Export("nvmlShutdown");
        if (stop is not null)
        {
            _ = stop();
        }

        NativeLibrary.Free(handle);
    }
}
