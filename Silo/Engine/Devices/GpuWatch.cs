using System.Diagnostics;
using System.Text;
using Layerbench.Core.Analysis;

namespace Layerbench.Engine.Devices;

/// <summary>
/// Reads a GPU's clock, reasons to slow down, temperature and power through NVML, at an interval, on a thread of its own,
/// for as long as a launch lasts. What it cannot read it leaves out.
/// </summary>
/// <remarks>
/// Readings have the time of <see cref="Stopwatch"/>, which on Linux is <c>CLOCK_MONOTONIC</c> in nanoseconds: the clock
/// that workers of this machine time their samples by.
/// </remarks>
internal sealed unsafe class GpuWatch : IDisposable
{
    /// <summary>nvml.h: NVML_CLOCK_SM, NVML_TEMPERATURE_GPU.</summary>
    private const int SmClock = 1;
    private const int GpuTemperature = 0;

    /// <summary>An NVML call that hangs (a GPU that fell off the bus) must not hold the run up; the thread is then left behind.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly NvmlLibrary nvml;
    private readonly nint device;
    private readonly TimeSpan interval;
    private readonly Thread thread;
    private readonly AutoResetEvent wake = new(false);
    private readonly object gate = new();
    private readonly List<GpuReading> readings = [];
    private long begun;
    private long ended;
    private volatile bool stopping;

    private GpuWatch(NvmlLibrary nvml, nint device, TimeSpan interval)
    {
        this.nvml = nvml;
        this.device = device;
        this.interval = interval;
        thread = new Thread(Run) { IsBackground = true, Name = "gpu watch" };
        thread.Start();
    }

    /// <summary>Null where the library is absent, does not know the GPU, or tells neither its clock nor reasons.</summary>
    /// <param name="uuid">As <see cref="Gpu.Uuid"/>.</param>
    public static GpuWatch? Start(string library, string uuid, TimeSpan interval)
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
            if (byUuid is null || byUuid(text, &found) != 0 || Read(opened, found) is null)
            {
                opened.Dispose();
                return null;
            }
        }

        return new GpuWatch(opened, found, interval);
    }

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<GpuReading> Readings
    {
        get
        {
            lock (gate)
            {
                return [.. readings];
            }
        }
    }

    /// <summary>Waits for a reading that is begun from now on, so that what has just ended has one after it.</summary>
    public void ReadNow()
    {
        lock (gate)
        {
            var wanted = begun + 1;
            wake.Set();
            while (ended < wanted && Monitor.Wait(gate, Patience)) { }
        }
    }

    public void Dispose()
    {
        stopping = true;
        wake.Set();
        if (thread.Join(Patience))
        {
            wake.Dispose();
            nvml.Dispose();
        }
    }

    private void Run()
    {
        while (!stopping)
        {
            lock (gate)
            {
                begun++;
            }

            // Outside the lock: a call that hangs must not hang those who ask.
            var reading = Read(nvml, device);
            lock (gate)
            {
                ended++;
                if (reading is { } r)
                {
                    readings.Add(r);
                }

                Monitor.PulseAll(gate);
            }

            wake.WaitOne(interval);
        }
    }

    private static GpuReading? Read(NvmlLibrary library, nint gpu)
    {
        // The newer name first: drivers from 535 on have both.
        var clock = Number(library, gpu, "nvmlDeviceGetClockInfo", SmClock);
        var reasons = Bits(library, gpu, "nvmlDeviceGetCurrentClocksEventReasons");
        reasons ??= Bits(library, gpu, "nvmlDeviceGetCurrentClocksThrottleReasons");
        if (clock is null && reasons is null)
        {
            return null;
        }

        return new GpuReading(
            (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)),
            (int?)clock,
            (GpuSlowdown)(reasons ?? 0),
            (int?)Number(library, gpu, "nvmlDeviceGetTemperature", GpuTemperature),
            Power(library, gpu) / 1000.0
        );
    }

    private static uint? Number(NvmlLibrary library, nint gpu, string function, int which)
    {
        uint value = 0;
        var read = (delegate* unmanaged[Cdecl]<nint, int, uint*, int>)library.Export(function);
        return read is not null && read(gpu, which, &value) == 0 ? value : null;
    }

    private static ulong? Bits(NvmlLibrary library, nint gpu, string function)
    {
        ulong value = 0;
        var read = (delegate* unmanaged[Cdecl]<nint, ulong*, int>)library.Export(function);
        return read is not null && read(gpu, &value) == 0 ? value : null;
    }

    /// <summary>Milliwatts.</summary>
    private static uint? Power(NvmlLibrary library, nint gpu)
    {
        uint value = 0;
        var read = (delegate* unmanaged[Cdecl]<nint, uint*, int>)library.Export("nvmlDeviceGetPowerUsage");
        return read is not null && read(gpu, &value) == 0 ? value : null;
    }
}
