using Layerbench.Core.Catalog;
using Layerbench.Core.Protocol;

namespace Layerbench.Engine.Simulated;

/// <summary>
/// The backend that computes nothing: every variant that a real backend has, with times from its FLOPs, and two of its
/// own whose times and faults the sweep sets. Results say <c>simulated</c>; they are for trying sweeps and the scheduler.
/// </summary>
public static class SimulatedBackend
{
    public const string Name = VariantCatalog.Simulated;
    public const string Noop = "sim.noop";
    public const string Cost = "sim.cost";

    /// <summary>The quality pass of its own.</summary>
    public const string Learn = "sim_learn";

    /// <summary>What a simulated device computes, in FLOPs a second; about one core with AVX2 in float32.</summary>
    public const double FlopsPerSecond = 5e10;

    /// <summary>What <c>fault</c> may be; each strikes with probability <c>fault_rate</c> in every launch.</summary>
    public static IReadOnlyList<string> Faults { get; } =
    ["none", "crash", "hang", "garbage", "oom", "error", "unsupported", "incorrect"];

    private static readonly string[] Dtypes = ["float32", "float64", "bfloat16", "float16"];

    private static readonly AxisInfo Replicate = new(
        "replicate",
        "integer",
        "A number without effect, to make as many cells as wanted.",
        "0"
    );

    /// <param name="others">The real backends at hand.</param>
    public static BackendInfo Describe(IReadOnlyList<BackendInfo> others)
    {
        var union = new VariantCatalog(others);
        return new BackendInfo(
            Name,
            ProtocolVersion.Current,
            [NoopVariant(), CostVariant(), .. union.Variants],
            [.. union.FindPass("forward") is null ? [ForwardPass()] : (PassInfo[])[], .. union.Passes, LearnPass()],
            [.. Dtypes.Union(others.SelectMany(o => o.Dtypes), StringComparer.Ordinal)]
        );
    }

    private static VariantInfo NoopVariant() =>
        new(
            Noop,
            "Takes no time: what is left is the harness.",
            "y = x",
            "layerbench",
            [Replicate],
            [],
            Parameters: "0",
            ForwardFlops: "1",
            ForwardBytes: "4",
            []
        );

    private static VariantInfo CostVariant() =>
        new(
            Cost,
            "Takes the time it is told to, with the noise and the faults it is told to have.",
            "y = x",
            "layerbench",
            [
                new("cost_us", "real", "Microseconds of one iteration.", "100", Minimum: 0),
                new("noise", "real", "Sigma of the lognormal noise of each sample.", "0.02", Minimum: 0, Maximum: 2),
                new(
                    "launch_noise",
                    "real",
                    "Sigma of the lognormal noise of each launch.",
                    "0.01",
                    Minimum: 0,
                    Maximum: 2
                ),
                // Mytkowicz et al. 2009, doi:10.1145/1508284.1508275.
                new(
                    "layout_bias",
                    "real",
                    "By how much each variant is slower than the one prepared before it, as where things lie in memory can make it: what controls are to find.",
                    "0",
                    Minimum: 0,
                    Maximum: 1
                ),
                new("memory_mib", "real", "Peak memory, MiB.", "1", Minimum: 0),
                new("fault", "text", "What goes wrong.", "none", Values: Faults),
                new("fault_rate", "real", "How often it does, per launch.", "1", Minimum: 0, Maximum: 1),
                Replicate,
            ],
            [],
            Parameters: "0",
            ForwardFlops: "50000*cost_us",
            ForwardBytes: "1048576*memory_mib",
            []
        );

    private static PassInfo LearnPass() =>
        new(
            Learn,
            "A training that is made up: learns as well as it is told to, best at the learning rate it is told.",
            [
                new("learning_rate", "real", "Of the optimiser; 20 times the best and more diverges.", "0.005", 0),
                new("trial", "integer", "Seeds the noise.", "1", Minimum: 1),
                new("steps", "integer", "Of the optimiser.", "100", Minimum: 1),
                new("skill", "real", "Accuracy that can be reached.", "1", 0, 1),
                new("best_rate", "real", "Learning rate at which it is reached.", "0.005", 1e-9),
            ],
            "3*steps",
            "4",
            Kind: "quality",
            Metric: "accuracy",
            Guess: "0.5"
        );

    private static PassInfo ForwardPass() => new("forward", "The output of one batch.", [], "1", "1");
}
