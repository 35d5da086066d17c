using System.Globalization;
using Layerbench.Worker.Passes;

namespace Layerbench.Worker.Gate;

/// <summary>The reference of one formula at one set of parameters, and how far from it an answer may be.</summary>
internal sealed class Judge
{
    /// <summary>
    /// How many times units within rounding of zero are put on one side or the other, and how much wider than the range of
    /// those gradients the right ones may lie: a few draws of many units.
    /// </summary>
    private const int SidesDrawn = 6;
    private const double SidesFactor = 3;

    /// <summary>A gradient smaller than this share of the largest one is zero but for the rounding of float64.</summary>
    private const double Nothing = 1e-10;

    private readonly Tolerance tolerance;
    private readonly Workload workload;
    private readonly Lazy<GateView> yardstick;
    private readonly Lazy<IReadOnlyList<GateView>> sides;

    public Judge(Tolerance tolerance, Workload workload)
    {
        this.tolerance = tolerance;
        this.workload = workload;
        Kinks = new(tolerance.KinkBand, masks: !workload.MixesTokens);
        Reference = workload.Reference(Kinks);
        yardstick = new(() => workload.Yardstick(Kinks)!);
        sides = new(() =>
            [
                .. Enumerable
                    .Range(0, SidesDrawn)
                    .Select(draw => workload.Reference(new(tolerance.KinkBand, masks: false, draw))!),
            ]
        );
    }

    public Kinks Kinks { get; }

    /// <summary>Null where there is nothing to compare.</summary>
    public GateView? Reference { get; }

    /// <returns>The error of the output, the largest of a gradient (null where there are none), and what outputs may have.</returns>
    /// <exception cref="IncorrectException">One is larger than is permitted.</exception>
    public (double Forward, double? Gradient, double Allowed) Compare(GateView observed, GateView other, string whom)
    {
        var size = Largest(Reference!.Output);
        var (forward, allowed) = Compare("output", size, tolerance.Outputs, observed, other, v => v.Output, whom);
        var sizes = Reference.Gradients.ToDictionary(g => g.Key, g => Largest(g.Value));
        var largestOfAll = sizes.Values.DefaultIfEmpty().Max();
        double? largest = null;
        foreach (var name in observed.Gradients.Keys)
        {
            // Of what has no effect here (queries over a single token) there is only rounding to compare.
            size = sizes[name] > Nothing * largestOfAll ? sizes[name] : largestOfAll;
            var what = $"gradient of {name}";
            var (error, _) = Compare(what, size, tolerance.Gradients, observed, other, v => v.Gradients[name], whom);
            largest = Math.Max(largest ?? 0, error);
        }

        return (forward, largest, allowed);
    }

    private (double Error, double Allowed) Compare(
        string what,
        double size,
        double allowed,
        GateView observed,
        GateView other,
        Func<GateView, Tensor> part,
        string whom
    )
    {
        var error = Error(what, part(observed), part(other), size);
        if (error > allowed && tolerance.IsShort)
        {
            var ofPlainFormula = Error(what, part(yardstick.Value), part(Reference!), size);
            allowed = Math.Max(allowed, Tolerance.YardstickFactor * ofPlainFormula);
        }

        // Not "error > allowed": a NaN must not pass.
        return error <= allowed || IsMatterOfSides(what, observed, other, size, allowed, part)
            ? (error, allowed)
            : throw new IncorrectException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}: relative error {error:g3} against {whom}; at most {allowed:g3} is permitted."
                )
            );
    }

    /// <summary>
    /// Whether a gradient is, element by element, as it can be where ReLUs within rounding of zero may be on either side.
    /// </summary>
    private bool IsMatterOfSides(
        string what,
        GateView observed,
        GateView other,
        double size,
        double allowed,
        Func<GateView, Tensor> part
    )
    {
        if (what == "output" || !workload.MixesTokens)
        {
            return false;
        }

        var drawn = sides.Value;
        using var scope = torch.NewDisposeScope();
        var (low, high) = (part(Reference!), part(Reference!));
        foreach (var side in drawn)
        {
            (low, high) = (torch.minimum(low, part(side)), torch.maximum(high, part(side)));
        }

        var difference = Difference(part(observed), part(other));
        return Relative(difference.sub(high.sub(low).mul(SidesFactor)), size) <= allowed;
    }

    private static double Largest(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.numel() == 0 ? 0 : tensor.abs().max().to(torch.ScalarType.Float64).item<double>();
    }

    /// <summary>max|y − r| ÷ size; NaN or infinite where y is.</summary>
    private static double Error(string what, Tensor y, Tensor r, double size)
    {
        if (!y.shape.AsSpan().SequenceEqual(r.shape))
        {
            throw new IncorrectException(
                $"{what}: has the shape [{string.Join(", ", y.shape)}] and must have [{string.Join(", ", r.shape)}]."
            );
        }

        using var scope = torch.NewDisposeScope();
        return Relative(Difference(y, r), size);
    }

    private static double Relative(Tensor difference, double size)
    {
        var most = difference.max().item<double>();
        return most == 0 ? 0 : most / size;
    }

    /// <summary>|y − r| in float64.</summary>
    private static Tensor Difference(Tensor y, Tensor r) =>
        y.to(torch.ScalarType.Float64).sub(r.to(torch.ScalarType.Float64)).abs();
}
