using System.Diagnostics;
using System.Globalization;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Devices;
using Layerbench.Worker.Native;

namespace Layerbench.Worker.Measuring;

/// <summary>What the device can do now: the best of several products of float32 matrices, and of several triads.</summary>
internal sealed class DevicePeaks(ComputeDevice device)
{
    private const int LeastTimes = 3;

    /// <summary>The arrays may take at most this share of what is free, or the triad is left out.</summary>
    private const double MemoryShare = 0.25;

    /// <summary>Of the product as a convolution with kernel 1; several, since libtorch takes oneDNN for one thread from 16 on only.</summary>
    private const int Images = 16;

    private static readonly TimeSpan time = TimeSpan.FromSeconds(0.03);

    private bool OnGpu => device.Device.type == DeviceType.CUDA;

    /// <summary>Of the square matrices. Fixed, as are the triad's elements, so that figures can be compared.</summary>
    private long Rows => OnGpu ? 4096 : 512;

    private long Elements => OnGpu ? 64L << 20 : 8L << 20;

    public Reply.Peaks Measure()
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        return new(Gemm(), Triad());
    }

    private double Gemm()
    {
        var rows = Rows;
        // No draw from the generator, which dropout uses; values between -1 and 1, never zeros alone.
        var a = torch.linspace(-1, 1, rows * rows, torch.ScalarType.Float32, device.Device).view(rows, rows);
        var b = a.t().contiguous();
        var seconds = Best(() => a.matmul(b).Dispose());
        if (!OnGpu)
        {
            // On a CPU the framework's products and convolutions are different libraries, and either may be the faster.
            var x = a.view(Images, rows, rows / Images);
            var weight = b.unsqueeze(-1);
            seconds = Math.Min(seconds, Best(() => torch.nn.functional.conv1d(x, weight).Dispose()));
        }

        return 2.0 * rows * rows * rows / seconds;
    }

    private double? Triad()
    {
        var elements = Elements;
        if (elements * 8 > MemoryShare * FreeBytes())
        {
            return null;
        }

        var x = torch.ones(elements, torch.ScalarType.Float32, device.Device);
        var y = torch.ones(elements, torch.ScalarType.Float32, device.Device);
        Scalar factor = 0.5;
        return 12.0 * elements / Best(() => x.add_(y, factor));
    }

    /// <summary>Least seconds of a run, after one that is not counted.</summary>
    private double Best(Action run)
    {
        run();
        var least = double.PositiveInfinity;
        var start = Stopwatch.GetTimestamp();
        for (var times = 0; times < LeastTimes || Stopwatch.GetElapsedTime(start) < time; times++)
        {
            device.Synchronise();
            var before = Stopwatch.GetTimestamp();
            device.MarkStart();
            run();
            device.MarkEnd();
            device.Synchronise();
            var wall = SampleTimer.Nanoseconds(Stopwatch.GetTimestamp() - before);
            least = Math.Min(least, device.MarkedNanoseconds() is var own and > 0 ? own : wall);
        }

        return Math.Max(1, least) / 1e9;
    }

    private double FreeBytes()
    {
        if (OnGpu)
        {
            CudaDriver.Check(CudaDriver.MemoryInfo(out var free, out _), "cuMemGetInfo");
            return free;
        }

        var line = File.ReadLines("/proc/meminfo")
            .FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line is null
            ? 0
            : 1024
                * double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
