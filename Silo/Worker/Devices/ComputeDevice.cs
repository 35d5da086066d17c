namespace Layerbench.Worker.Devices;

/// <summary>Where tensors live: the CPUs the process is bound to, or one GPU.</summary>
internal abstract class ComputeDevice
{
    public abstract torch.Device Device { get; }

    /// <summary>Returns when everything that was started on the device is done.</summary>
    public abstract void Synchronise();

    /// <summary>Puts the device's own clock mark before a sample; nothing where it has none.</summary>
    public abstract void MarkStart();

    /// <summary>Puts the mark behind a sample.</summary>
    public abstract void MarkEnd();

    /// <summary>Nanoseconds between the marks, after <see cref="Synchronise"/>; −1 where the device has no clock.</summary>
    public abstract long MarkedNanoseconds();

    /// <summary>Applies the numeric flags of the hello that the device knows.</summary>
    public abstract void Apply(IReadOnlyDictionary<string, bool> flags);

    /// <summary>The flags that a hello may have.</summary>
    public static IReadOnlyList<string> KnownFlags { get; } = ["tf32", "cudnn_benchmark", "deterministic"];

    /// <summary>True where float32 products are taken at 10 bits of mantissa.</summary>
    public abstract bool UsesTf32 { get; }

    /// <summary>Entries of the fingerprint: model, driver, numeric flags.</summary>
    public abstract IEnumerable<KeyValuePair<string, string>> Entries();

    /// <param name="name"><c>cpu</c> or <c>cuda:0</c>.</param>
    /// <exception cref="NotSupportedException">The device is unknown or not there.</exception>
    public static ComputeDevice Open(string name)
    {
        if (name == "cpu")
        {
            return new CpuDevice();
        }

        if (
            name.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture, out var index)
            && index >= 0
        )
        {
            return new CudaDevice(index);
        }

        throw new NotSupportedException($"device: '{name}' is unknown; give 'cpu' or 'cuda:0'.");
    }
}
