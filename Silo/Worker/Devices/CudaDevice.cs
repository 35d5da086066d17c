using System.Globalization;
using Layerbench.Worker.Native;

namespace Layerbench.Worker.Devices;

/// <summary>One NVIDIA GPU, timed by driver events on the default stream, which is the one libtorch uses.</summary>
internal sealed class CudaDevice : ComputeDevice
{
    private readonly int ordinal;
    private readonly IntPtr start;
    private readonly IntPtr end;

    public CudaDevice(int index)
    {
        if (!torch.TryInitializeDeviceType(DeviceType.CUDA))
        {
            throw new NotSupportedException(
                $"device: 'cuda:{index}' needs CUDA, which this build or this machine lacks; build the worker with "
                    + "-p:LayerbenchCuda=true and see that nvidia-smi finds the GPU."
            );
        }

        if (index >= torch.cuda.device_count())
        {
            throw new NotSupportedException(
                $"device: 'cuda:{index}' is not there; this process sees {torch.cuda.device_count()} GPU(s). "
                    + "See CUDA_VISIBLE_DEVICES and nvidia-smi."
            );
        }

        Device = new torch.Device(DeviceType.CUDA, index);
        // A first tensor makes libtorch's context current on this thread; the driver's events need it.
        using (torch.zeros(1, device: Device))
        {
            torch.cuda.synchronize();
        }

        CudaDriver.Check(CudaDriver.Initialise(0), "cuInit");
        CudaDriver.Check(CudaDriver.Device(out ordinal, index), "cuDeviceGet");
        CudaDriver.Check(CudaDriver.EventCreate(out start, 0), "cuEventCreate");
        CudaDriver.Check(CudaDriver.EventCreate(out end, 0), "cuEventCreate");
    }

    public override torch.Device Device { get; }

    public override bool UsesTf32 => torch.backends.cuda.matmul.allow_tf32;

    public override void Synchronise() => torch.cuda.synchronize();

    public override void MarkStart() => CudaDriver.Check(CudaDriver.EventRecord(start, IntPtr.Zero), "cuEventRecord");

    public override void MarkEnd() => CudaDriver.Check(CudaDriver.EventRecord(end, IntPtr.Zero), "cuEventRecord");

    public override long MarkedNanoseconds()
    {
        CudaDriver.Check(CudaDriver.EventSynchronise(end), "cuEventSynchronize");
        CudaDriver.Check(CudaDriver.EventElapsed(out var milliseconds, start, end), "cuEventElapsedTime");
        return (long)Math.Round(milliseconds * 1e6);
    }

    /// <summary>Both TF32 flags, because their defaults differ between frameworks (dotnet/TorchSharp#1136).</summary>
    public override void Apply(IReadOnlyDictionary<string, bool> flags)
    {
        var tf32 = flags.TryGetValue("tf32", out var wanted) && wanted;
        torch.backends.cuda.matmul.allow_tf32 = tf32;
        torch.backends.cudnn.allow_tf32 = tf32;
    }

    public override IEnumerable<KeyValuePair<string, string>> Entries()
    {
        CudaDriver.Check(CudaDriver.DriverVersion(out var version), "cuDriverGetVersion");
        yield return new(
            "cuda",
            string.Create(CultureInfo.InvariantCulture, $"driver {version / 1000}.{version % 1000 / 10}")
        );
        yield return new("gpu", CudaDriver.DeviceName(ordinal));
        yield return new("gpu_uuid", CudaDriver.DeviceUuid(ordinal));
        yield return new("tf32", torch.backends.cuda.matmul.allow_tf32 ? "true" : "false");
        yield return new("cudnn_tf32", torch.backends.cudnn.allow_tf32 ? "true" : "false");
        // TorchSharp 0.107 cannot read or set these two.
        yield return new("cudnn_benchmark", "unavailable");
        yield return new("deterministic", "unavailable");
    }
}
