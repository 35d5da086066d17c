using System.Runtime.InteropServices;
using System.Text;

namespace Layerbench.Engine.Devices;

/// <param name="Index">NVML's number, in PCI order.</param>
/// <param name="DriverVersion">E.g. <c>570.86.15</c>.</param>
internal sealed record Gpu(int Index, string Name, string Uuid, long MemoryBytes, string DriverVersion);

/// <summary>
/// NVIDIA's management library, bound by hand so that a machine without it simply has no GPUs and a test can bring a
/// library of its own. Source: NVML API reference, nvml.h.
/// </summary>
internal static unsafe class Nvml
{
    public const string DefaultLibrary = "libnvidia-ml.so.1";

    /// <summary>nvml.h: NVML_DEVICE_NAME_V2_BUFFER_SIZE and NVML_DEVICE_UUID_V2_BUFFER_SIZE are 96.</summary>
    private const int TextBytes = 96;

    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }

    /// <summary>Every GPU that answers; none where the library is absent or will not start (no driver).</summary>
    public static IReadOnlyList<Gpu> Find(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle))
        {
            return [];
        }

        try
        {
            return new Binding(handle).Read();
        }
        finally
        {
            NativeLibrary.Free(handle);
        }
    }

    private readonly struct Binding(nint handle)
    {
        private readonly nint handle = handle;

        public IReadOnlyList<Gpu> Read()
        {
            var init = (delegate* unmanaged[Cdecl]<int>)Export("nvmlInit_v2");
            var shutdown = (delegate* unmanaged[Cdecl]<int>)Export("nvmlShutdown");
            var count = (delegate* unmanaged[Cdecl]<uint*, int>)Export("nvmlDeviceGetCount_v2");
            if (init is null || shutdown is null || count is null || init() != 0)
            {
                return [];
            }

            try
            {
                uint devices = 0;
                var gpus = new List<Gpu>();
                if (count(&devices) == 0)
                {
                    var driver = SystemText("nvmlSystemGetDriverVersion");
                    for (uint i = 0; i < devices; i++)
                    {
                        if (ReadOne(i, driver) is { } gpu)
                        {
                            gpus.Add(gpu);
                        }
                    }
                }

                return gpus;
            }
            finally
            {
                _ = shutdown();
            }
        }

        private Gpu? ReadOne(uint index, string driver)
        {
            var byIndex = (delegate* unmanaged[Cdecl]<uint, nint*, int>)Export("nvmlDeviceGetHandleByIndex_v2");
            var getMemory = (delegate* unmanaged[Cdecl]<nint, Memory*, int>)Export("nvmlDeviceGetMemoryInfo");
            nint device = 0;
            Memory memory = default;
            if (byIndex is null || getMemory is null || byIndex(index, &device) != 0 || getMemory(device, &memory) != 0)
            {
                return null;
            }

            var uuid = DeviceText("nvmlDeviceGetUUID", device);
            return uuid.Length == 0
                ? null
                : new Gpu((int)index, DeviceText("nvmlDeviceGetName", device), uuid, (long)memory.Total, driver);
        }

        private string DeviceText(string function, nint device)
        {
            var read = (delegate* unmanaged[Cdecl]<nint, byte*, uint, int>)Export(function);
            var text = stackalloc byte[TextBytes];
            return read is not null && read(device, text, TextBytes) == 0 ? Text(text) : "";
        }

        private string SystemText(string function)
        {
            var read = (delegate* unmanaged[Cdecl]<byte*, uint, int>)Export(function);
            var text = stackalloc byte[TextBytes];
            return read is not null && read(text, TextBytes) == 0 ? Text(text) : "unknown";
        }

        private void* Export(string name) =>
            NativeLibrary.TryGetExport(handle, name, out var address) ? (void*)address : null;
    }

    private static string Text(byte* text) =>
        Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
