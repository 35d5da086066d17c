using Layerbench.Core.Analysis;

namespace Layerbench.Engine.Devices;

/// <summary>
/// Reads a GPU's clock, reasons to slow down, temperature and power through NVML, at an interval, on a thread of its own,
/// for as long as a launch lasts. What it cannot read it leaves out.
/// </summary>
internal sealed class GpuWatch : IDisposable
{
    /// <summary>An NVML call that hangs (a GPU that fell off the bus) must not hold the run up; the thread is then left behind.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly NvmlGpu gpu;
    private readonly TimeSpan interval;
    private readonly Thread thread;
    private readonly AutoResetEvent wake = new(false);
    private readonly object gate = new();
    private readonly List<GpuReading> readings = [];
    private long begun;
    private long ended;
    private volatile bool stopping;

    private GpuWatch(NvmlGpu gpu, TimeSpan interval)
    {
        this.gpu = gpu;
        this.interval = interval;
        thread = new Thread(Run) { IsBackground = true, Name = "gpu watch" };
        thread.Start();
    }

    /// <summary>Null where the library is absent, does not know the GPU, or tells neither its clock nor reasons.</summary>
    /// <param name="uuid">As <see cref="Gpu.Uuid"/>.</param>
    public static GpuWatch? Start(string library, string uuid, TimeSpan interval) =>
        NvmlGpu.Open(library, uuid) is { } gpu ? new GpuWatch(gpu, interval) : null;

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
            gpu.Dispose();
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
            var reading = gpu.Read();
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
}
