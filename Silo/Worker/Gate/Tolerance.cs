namespace Layerbench.Worker.Gate;

/// <summary>Largest permitted max|y − r| ÷ max|r|.</summary>
/// <param name="IsShort">
/// The type has so few bits that a deep variant's right answer may miss the tolerance, because its ReLUs switch on
/// rounding: the plain formula in that type is then the measure.
/// </param>
internal sealed record Tolerance(double Outputs, double Gradients, bool IsShort = false)
{
    /// <summary>How many times the plain formula's own error a variant of a short type may have.</summary>
    public const double YardstickFactor = 2;

    /// <param name="tf32">Products of float32 are taken at 10 bits of mantissa, as many as float16 has.</param>
    public static Tolerance Of(torch.ScalarType dtype, bool tf32) =>
        dtype switch
        {
            torch.ScalarType.Float64 => new(1e-10, 1e-10),
            torch.ScalarType.Float32 when !tf32 => new(1e-5, 1e-4),
            torch.ScalarType.Float32 or torch.ScalarType.Float16 => new(1e-2, 2e-2, IsShort: true),
            torch.ScalarType.BFloat16 => new(5e-2, 1e-1, IsShort: true),
            _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "No tolerance is agreed for this dtype."),
        };

    /// <summary>A fifth of what outputs may differ by: over the rounding that decides on which side of zero a unit is.</summary>
    public double KinkBand => Outputs / 5;
}
