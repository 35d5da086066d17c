namespace Layerbench.Worker.Devices;

/// <summary>CPUs: everything is done when the call returns, and the process's clocks are the only ones.</summary>
internal sealed class CpuDevice : ComputeDevice
{
    public override torch.Device Device { get; } = torch.CPU;
    public override bool UsesTf32 => false;

    public override void Synchronise() { }

    public override void MarkStart() { }

    public override void MarkEnd() { }

    public override long MarkedNanoseconds() => -1;

    // All known flags are of GPUs.
    public override void Apply(IReadOnlyDictionary<string, bool> flags) { }

    public override IEnumerable<KeyValuePair<string, string>> Entries()
    {
        yield return new("cuda", "unavailable");
        yield return new("gpu", "unavailable");
        yield return new("gpu_uuid", "unavailable");
        yield return new("tf32", "unavailable");
        yield return new("cudnn_tf32", "unavailable");
        yield return new("cudnn_benchmark", "unavailable");
        yield return new("deterministic", "unavailable");
    }
}
