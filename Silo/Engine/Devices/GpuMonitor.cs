using Layerbench.Core.Analysis;

namespace Layerbench.Engine.Devices;

/// <summary>Reads a GPU once a second on a thread of its own, so that nobody who asks waits for a driver.</summary>
internal sealed class GpuMonitor : IDisposable
{
    private const GpuSlowdown Throttled =
        GpuSlowdown.Hardware | GpuSlowdown.SoftwareThermal | GpuSlowdown.HardwareThermal | GpuSlowdown.PowerBrake;

    /// <summary>A call that hangs (a GPU that fell off the bus) must not hold the process up; the thread is then left behind.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(2);

    private readonly NvmlGpu gpu;
    private readonly TimeSpan interval;
    private readonly Thread thread;
    private readonly ManualResetEventSlim stop = new();
    private volatile State state = new(Last: null, UsedBytes: null, TimeSpan.Zero);

    private GpuMonitor(NvmlGpu gpu, TimeSpan interval)
    {
        (this.gpu, this.interval) = (gpu, interval);
        thread = new Thread(Run) { IsBackground = true, Name = "gpu monitor" };
        thread.Start();
    }

    /// <summary>What is known now.</summary>
    public State Now => state;

    /// <summary>Null where NVML is absent or does not know the GPU.</summary>
    public static GpuMonitor? Start(string library, string uuid, TimeSpan interval) =>
        NvmlGpu.Open(library, uuid) is { } gpu ? new GpuMonitor(gpu, interval) : null;

    public void Dispose()
    {
        stop.Set();
        if (thread.Join(patience))
        {
            stop.Dispose();
            gpu.Dispose();
        }
    }

    private void Run()
    {
        do
        {
            if (gpu.Read() is { } read)
            {
                var before = state;
                var slow = (read.Slowdown & Throttled) != GpuSlowdown.None;
                // From one reading to the next it is taken to have been as it is at the end.
                var span = before.Last is { } last ? (read.AtNanoseconds - last.AtNanoseconds) / 1e9 : 0;
                state = new State(
                    read,
                    gpu.UsedBytes(),
                    before.ThrottledFor + (slow ? TimeSpan.FromSeconds(span) : TimeSpan.Zero)
                );
            }
        } while (!stop.Wait(interval));
    }

    /// <param name="Last">Null before the first reading.</param>
    /// <param name="ThrottledFor">Since it was started.</param>
    internal sealed record State(GpuReading? Last, long? UsedBytes, TimeSpan ThrottledFor);
}
