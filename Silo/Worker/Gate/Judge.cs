using System.Globalization;
using Layerbench.Worker.Passes;

namespace Layerbench.Worker.Gate;

/// <summary>The reference of one formula at one set of parameters, and how far from it an answer may be.</summary>
internal sealed class Judge
{
    private readonly Tolerance tolerance;
    private readonly Workload workload;
    private GateView? yardstick;

    public Judge(Tolerance tolerance, Workload workload)
    {
        this.tolerance = tolerance;
        this.workload = workload;
        Kinks = new(tolerance.KinkBand);
        Reference = workload.Reference(Kinks);
    }

    public Kinks Kinks { get; }

    /// <summary>Null where there is nothing to compare.</summary>
    public GateView? Reference { get; }

    /// <returns>The error of the output, the largest of a gradient (null where there are none), and what outputs may have.</returns>
    /// <exception cref="IncorrectException">One is larger than is permitted.</exception>
    public (double Forward, double? Gradient, double Allowed) Compare(GateView observed, GateView other, string whom)
    {
        var (forward, allowed) = Compare("output", observed.Output, other.Output, v => v.Output, whom);
        double? largest = null;
        foreach (var (name, value) in observed.Gradients)
        {
            var what = $"gradient of {name}";
            var (error, _) = Compare(what, value, other.Gradients[name], v => v.Gradients[name], whom);
            largest = Math.Max(largest ?? 0, error);
        }

        return (forward, largest, allowed);
    }

    private (double Error, double Allowed) Compare(
        string what,
        Tensor value,
        Tensor other,
        Func<GateView, Tensor> part,
        string whom
    )
    {
        var error = Error(what, value, other);
        var allowed = what == "output" ? tolerance.Outputs : tolerance.Gradients;
        if (error > allowed && tolerance.IsShort)
        {
            yardstick ??= workload.Yardstick(Kinks)!;
            allowed = Math.Max(allowed, Tolerance.YardstickFactor * Error(what, part(yardstick), part(Reference!)));
        }

        // Not "error > allowed": a NaN must not pass.
        return error <= allowed
            ? (error, allowed)
            : throw new IncorrectException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}: relative error {error:g3} against {whom}; at most {allowed:g3} is permitted."
                )
            );
    }

    /// <summary>max|y − r| ÷ max|r| in float64; NaN or infinite where y is.</summary>
    private static double Error(string what, Tensor y, Tensor r)
    {
        if (!y.shape.AsSpan().SequenceEqual(r.shape))
        {
            throw new IncorrectException(
                $"{what}: has the shape [{string.Join(", ", y.shape)}] and must have [{string.Join(", ", r.shape)}]."
            );
        }

        using var scope = torch.NewDisposeScope();
        var expected = r.to(torch.ScalarType.Float64);
        var difference = y.to(torch.ScalarType.Float64).sub(expected).abs().max().item<double>();
        var size = expected.abs().max().item<double>();
        return difference == 0 ? 0 : difference / size;
    }
}
