using Layerbench.Worker.Devices;

namespace Layerbench.Worker.Measuring;

/// <summary>
/// What a control runs inside its samples beside its own iterations: additions in place on a tensor that fits in the
/// first-level cache, so that they cost time and leave the variant's data in the other caches alone.
/// </summary>
internal sealed class SideWork(ComputeDevice device) : IDisposable
{
    /// <summary>The greatest share of its own time that a variant can be given as extra work.</summary>
    public const double MostShare = 100;

    /// <summary>16 KiB of float32: half of a first-level cache.</summary>
    private const long Elements = 4096;

    // Small enough that a million additions stay finite and large enough that no value is denormal.
    private static readonly Scalar step = 1e-3f;

    private Tensor? values;

    public void Run(long repetitions)
    {
        if (repetitions == 0)
        {
            return;
        }

        using var _ = torch.no_grad();
        var tensor = Values();
        for (var i = 0L; i < repetitions; i++)
        {
            tensor.add_(step);
        }
    }

    public void Dispose() => values?.Dispose();

    private Tensor Values() =>
        values ??= torch.ones(Elements, torch.ScalarType.Float32, device.Device).DetachFromDisposeScope();
}
