using System.Globalization;
using Layerbench.Core.Protocol;
using Layerbench.Worker.Passes;

namespace Layerbench.Worker.Gate;

/// <summary>A variant of the cell, ready to run.</summary>
/// <param name="EqualTo">Variants that must give the same numbers from the same weights.</param>
internal sealed record GatedVariant(
    string Label,
    string Variant,
    string Parameters,
    IReadOnlyList<string> EqualTo,
    Workload Workload
);

/// <summary>A variant that does not compute what it says it computes.</summary>
internal sealed class IncorrectException(string message) : Exception(message);

/// <summary>
/// Compares every variant of a cell with its float64 reference, and variants that must be equal with each other, before
/// anything is timed.
/// </summary>
internal sealed class CorrectnessGate(Tolerance tolerance)
{
    /// <exception cref="VariantException">
    /// Of <see cref="IncorrectException"/>: an output or a gradient is further away than the tolerance.
    /// </exception>
    public IReadOnlyList<PreparedFacts> Check(IReadOnlyList<GatedVariant> variants)
    {
        using var cellScope = torch.NewDisposeScope();
        var references = new Dictionary<string, (Kinks Kinks, GateView? View)>(StringComparer.Ordinal);
        var seen = new List<(GatedVariant Variant, GateView View)>();
        var facts = new List<PreparedFacts>();
        foreach (var variant in variants)
        {
            facts.Add(VariantException.Blame(variant.Label, () => Check(variant, references, seen)));
        }

        return facts;
    }

    private PreparedFacts Check(
        GatedVariant variant,
        Dictionary<string, (Kinks Kinks, GateView? View)> references,
        List<(GatedVariant Variant, GateView View)> seen
    )
    {
        var workload = variant.Workload;
        if (!references.TryGetValue(workload.ReferenceKey, out var reference))
        {
            var kinks = new Kinks(tolerance.KinkBand);
            references[workload.ReferenceKey] = reference = (kinks, workload.Reference(kinks));
        }

        var observed = workload.Observe(reference.Kinks);
        if (reference.View is null || observed is null)
        {
            return new(variant.Label, workload.ParameterCount, 0, null, tolerance.Outputs);
        }

        var (forward, gradient) = Compare(observed, reference.View, "the float64 reference");
        foreach (var (other, view) in seen)
        {
            if (
                other.Parameters == variant.Parameters
                && (variant.EqualTo.Contains(other.Variant) || other.EqualTo.Contains(variant.Variant))
            )
            {
                Compare(observed, view, $"'{other.Label}', which must be equal");
            }
        }

        seen.Add((variant, observed));
        return new(variant.Label, workload.ParameterCount, forward, gradient, tolerance.Outputs);
    }

    private (double Forward, double? Gradient) Compare(GateView observed, GateView expected, string whom)
    {
        var forward = Error(observed.Output, expected.Output);
        Require("output", forward, tolerance.Outputs, whom);
        double? gradient = null;
        foreach (var (name, value) in observed.Gradients)
        {
            var error = Error(value, expected.Gradients[name]);
            Require($"gradient of {name}", error, tolerance.Gradients, whom);
            gradient = Math.Max(gradient ?? 0, error);
        }

        return (forward, gradient);
    }

    private static void Require(string what, double error, double most, string whom)
    {
        // Not "error > most": a NaN must not pass.
        if (!(error <= most))
        {
            throw new IncorrectException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}: relative error {error:g3} against {whom}; at most {most:g3} is permitted."
                )
            );
        }
    }

    /// <summary>max|y − r| ÷ max|r| in float64; NaN or infinite where y is.</summary>
    private static double Error(Tensor y, Tensor r)
    {
        using var scope = torch.NewDisposeScope();
        if (y.numel() == 0)
        {
            return 0;
        }

        var expected = r.to(torch.ScalarType.Float64);
        var difference = y.to(torch.ScalarType.Float64).sub(expected).abs().max().item<double>();
        var size = expected.abs().max().item<double>();
        return difference == 0 ? 0 : difference / size;
    }
}
