using System.Collections.Concurrent;
using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;
using Layerbench.Core.Sweeps;

namespace Layerbench.Engine.Simulated;

/// <param name="Seconds">Of one iteration, without noise.</param>
/// <param name="Noise">Sigma of the lognormal noise of a sample.</param>
/// <param name="LaunchNoise">Sigma of the lognormal noise that a launch's samples share.</param>
/// <param name="LayoutBias">By how much of its time each variant is slower than the one prepared before it.</param>
/// <param name="Fault">One of <see cref="SimulatedBackend.Faults"/>.</param>
internal readonly record struct SimulatedCost(
    double Seconds,
    double PeakBytes,
    double Noise = 0.02,
    double LaunchNoise = 0.01,
    double LayoutBias = 0,
    string Fault = "none",
    double FaultRate = 0
)
{
    /// <summary>The same with extra work, a share of its own.</summary>
    public SimulatedCost With(double? extraWork) => this with { Seconds = Seconds * (1 + (extraWork ?? 0)) };

    /// <summary>The same as the variant that is prepared after so many others.</summary>
    public SimulatedCost After(int others) => this with { Seconds = Seconds * (1 + LayoutBias * others) };
}

/// <summary>What a variant costs on a simulated device: as told (sim.*), else from its FLOPs and bytes.</summary>
internal sealed class CostModel(BackendInfo backend)
{
    /// <summary>What any call costs before it computes, as a framework's dispatch does.</summary>
    private const double OverheadSeconds = 5e-6;

    private readonly ConcurrentDictionary<string, Expression> expressions = new(StringComparer.Ordinal);

    /// <summary>The name of the headline value of a quality pass.</summary>
    public string MetricOf(string pass) => backend.Passes.First(p => p.Name == pass).Metric ?? "accuracy";

    /// <summary>Of one step of a training. What is told (sim.*) is of one iteration; FLOPs are of the whole training.</summary>
    public static double StepSeconds(PreparedVariant variant, SimulatedCost cost) =>
        variant.Variant is SimulatedBackend.Noop or SimulatedBackend.Cost ? cost.Seconds
        : variant.Parameters.TryGetValue("steps", out var steps) && steps.IsNumber
            ? cost.Seconds / Math.Max(1, steps.Number)
        : cost.Seconds;

    public SimulatedCost Of(PreparedVariant variant, string pass)
    {
        switch (variant.Variant)
        {
            case SimulatedBackend.Noop:
                return new SimulatedCost(0, 0, Noise: 0, LaunchNoise: 0);
            case SimulatedBackend.Cost:
                return new SimulatedCost(
                    Number("cost_us", 100) * 1e-6,
                    Number("memory_mib", 1) * 1048576,
                    Number("noise", 0.02),
                    Number("launch_noise", 0.01),
                    Number("layout_bias", 0),
                    variant.Parameters.TryGetValue("fault", out var fault) ? fault.Text : "none",
                    Number("fault_rate", 1)
                );
            default:
                break;
        }

        var info = backend.Variants.First(v => v.Name == variant.Variant);
        var factors = backend.Passes.First(p => p.Name == pass);
        var flops = Evaluate(info.ForwardFlops) * Evaluate(factors.FlopsFactor);
        return new SimulatedCost(
            OverheadSeconds + flops / SimulatedBackend.FlopsPerSecond,
            Evaluate(info.ForwardBytes) * Evaluate(factors.MemoryFactor)
        );

        double Number(string name, double otherwise) =>
            variant.Parameters.TryGetValue(name, out var value) ? value.Number : otherwise;

        double Evaluate(string text) =>
            expressions
                .GetOrAdd(text, Expression.Parse)
                .Number(name => variant.Parameters.TryGetValue(name, out var value) ? value : (AxisValue?)null);
    }
}
