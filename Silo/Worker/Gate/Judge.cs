using System.Globalization;
using Layerbench.Worker.Passes;

namespace Layerbench.Worker.Gate;

/// <summary>The reference of one formula at one set of parameters, and how far from it an answer may be.</summary>
internal sealed class Judge
{
    private readonly Tolerance tolerance;
    private readonly Workload workload;
    private GateView? yardstick;
    private (GateView Above, GateView Below)? sides;

    public Judge(Tolerance tolerance, Workload workload)
    {
        this.tolerance = tolerance;
        this.workload = workload;
        Kinks = new(tolerance.KinkBand, masks: !workload.MixesTokens);
        Reference = workload.Reference(Kinks);
    }

    public Kinks Kinks { get; }

    /// <summary>Null where there is nothing to compare.</summary>
    public GateView? Reference { get; }

    /// <returns>The error of the output, the largest of a gradient (null where there are none), and what outputs may have.</returns>
    /// <exception cref="IncorrectException">One is larger than is permitted.</exception>
    public (double Forward, double? Gradient, double Allowed) Compare(GateView observed, GateView other, string whom)
    {
        var (forward, allowed) = Compare("output", tolerance.Outputs, observed, other, v => v.Output, whom);
        double? largest = null;
        foreach (var name in observed.Gradients.Keys)
        {
            var what = $"gradient of {name}";
            var (error, _) = Compare(what, tolerance.Gradients, observed, other, v => v.Gradients[name], whom);
            largest = Math.Max(largest ?? 0, error);
        }

        return (forward, largest, allowed);
    }

    private (double Error, double Allowed) Compare(
        string what,
        double allowed,
        GateView observed,
        GateView other,
        Func<GateView, Tensor> part,
        string whom
    )
    {
        var error = Error(what, part(observed), part(other));
        if (error > allowed && tolerance.IsShort)
        {
            allowed = Math.Max(allowed, Tolerance.YardstickFactor * ErrorOfPlainFormula(what, part));
        }
        else if (error > allowed && what != "output" && workload.MixesTokens)
        {
            allowed += Tolerance.SidesFactor * BetweenSides(what, part);
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

    private double ErrorOfPlainFormula(string what, Func<GateView, Tensor> part)
    {
        yardstick ??= workload.Yardstick(Kinks)!;
        return Error(what, part(yardstick), part(Reference!));
    }

    /// <summary>How far a gradient moves when every ReLU within rounding of zero goes from one side to the other.</summary>
    private double BetweenSides(string what, Func<GateView, Tensor> part)
    {
        sides ??= (
            workload.Reference(new(tolerance.KinkBand, masks: false, side: 1))!,
            workload.Reference(new(tolerance.KinkBand, masks: false, side: -1))!
        );
        return Error(what, part(sides.Value.Above), part(sides.Value.Below));
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
