using System.Runtime.InteropServices;
using System.Text;

namespace Layerbench.Engine.Devices;

/// <param name="Index">NVML's number, in PCI order.</param>
/// <param name="DriverVersion">E.g. <c>570.86.15</c>.</param>
internal sealed record Gpu(int Index, string Name, string Uuid, long MemoryBytes, string DriverVersion);

/// <summary>The GPUs that NVML knows.</summary>
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
        using var nvml = NvmlLibrary.Open(library);
        return nvml is null ? [] : new Binding(nvml).Read();
    }

    private readonly struct Binding(NvmlLibrary library)
    {
        private readonly NvmlLibrary library = library;

        public IReadOnlyList<Gpu> Read()
        {
            var count = (delegate* unmanaged[Cdecl]<uint*, int>)library.Export("nvmlDeviceGetCount_v2");
            uint devices = 0;
            var gpus = new List<Gpu>();
            if (count is not null && count(&devices) == 0)
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

        private Gpu? ReadOne(uint index, string driver)
        {
            var byIndex = (delegate* unmanaged[Cdecl]<uint, nint*, int>)library.Export("nvmlDeviceGetHandleByIndex_v2");
            var getMemory = (delegate* unmanaged[Cdecl]<nint, Memory*, int>)library.Export("nvmlDeviceGetMemoryInfo");
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
            var read = (delegate* unmanaged[Cdecl]<nint, byte*, uint, int>)library.Export(function);
            var text = stackalloc byte[TextBytes];
            return read is not null && read(device, text, TextBytes) == 0 ? Text(text) : "";
        }

        private string SystemText(string function)
        {
            var read = (delegate* unmanaged[Cdecl]<byte*, uint, int>)library.Export(function);
            var text = stackalloc byte[TextBytes];
            return read is not null && read(text, TextBytes) == 0 ? Text(text) : "unknown";
        }
    }

    private static string Text(byte* text) =>
        Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
