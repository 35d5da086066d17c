using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Layerbench.Core.Analysis;

namespace Layerbench.Engine.Devices;

/// <summary>One GPU to be read through NVML. What it does not tell is left out.</summary>
/// <remarks>
/// Readings have the time of <see cref="Stopwatch"/>, which on Linux is <c>CLOCK_MONOTONIC</c> in nanoseconds: the clock
/// that workers of this machine time their samples by.
/// </remarks>
internal sealed unsafe class NvmlGpu : IDisposable
{
    /// <summary>nvml.h: NVML_CLOCK_SM, NVML_TEMPERATURE_GPU.</summary>
    private const int SmClock = 1;
    private const int GpuTemperature = 0;

    private readonly NvmlLibrary nvml;
    private readonly nint device;

    private NvmlGpu(NvmlLibrary nvml, nint device) => (this.nvml, this.device) = (nvml, device);

    /// <summary>Null where the library is absent, does not know the GPU, or tells neither its clock nor reasons.</summary>
    /// <param name="uuid">As <see cref="Gpu.Uuid"/>.</param>
    public static NvmlGpu? Open(string library, string uuid)
    {
        var opened = NvmlLibrary.Open(library);
        if (opened is null)
        {
            return null;
        }

        nint found = 0;
        var byUuid = (delegate* unmanaged[Cdecl]<byte*, nint*, int>)opened.Export("nvmlDeviceGetHandleByUUID");
        fixed (byte* text = Encoding.UTF8.GetBytes(uuid + '\0'))
        {
            if (byUuid is not null && byUuid(text, &found) == 0 && new NvmlGpu(opened, found) is var gpu)
            {
                if (gpu.Read() is not null)
                {
                    return gpu;
                }
            }
        }

        opened.Dispose();
        return null;
    }

    /// <summary>Null: nothing is told.</summary>
    public GpuReading? Read()
    {
        // The newer name first: drivers from 535 on have both.
        var clock = Number("nvmlDeviceGetClockInfo", SmClock);
        var reasons = Bits("nvmlDeviceGetCurrentClocksEventReasons");
        reasons ??= Bits("nvmlDeviceGetCurrentClocksThrottleReasons");
        if (clock is null && reasons is null)
        {
            return null;
        }

        return new GpuReading(
            (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)),
            (int?)clock,
            (GpuSlowdown)(reasons ?? 0),
            (int?)Number("nvmlDeviceGetTemperature", GpuTemperature),
            Power() / 1000.0
        );
    }

    /// <summary>Memory in use, by anybody.</summary>
    public long? UsedBytes()
    {
        Memory memory = default;
        var read = (delegate* unmanaged[Cdecl]<nint, Memory*, int>)nvml.Export("nvmlDeviceGetMemoryInfo");
        return read is not null && read(device, &memory) == 0 ? (long)memory.Used : null;
    }

    public void Dispose() => nvml.Dispose();

    private uint? Number(string function, int which)
    {
        uint value = 0;
        var read = (delegate* unmanaged[Cdecl]<nint, int, uint*, int>)nvml.Export(function);
        return read is not null && read(device, which, &value) == 0 ? value : null;
    }

    private ulong? Bits(string function)
    {
        ulong value = 0;
        var read = (delegate* unmanaged[Cdecl]<nint, ulong*, int>)nvml.Export(function);
        return read is not null && read(device, &value) == 0 ? value : null;
    }

    /// <summary>Milliwatts.</summary>
    private uint? Power()
    {
        uint value = 0;
        var read = (delegate* unmanaged[Cdecl]<nint, uint*, int>)nvml.Export("nvmlDeviceGetPowerUsage");
        return read is not null && read(device, &value) == 0 ? value : null;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}
