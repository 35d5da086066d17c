using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Quality;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Engine.Output;

/// <summary>What a cell's times rest on.</summary>
public enum ResultQuality
{
    /// <summary>No time was taken.</summary>
    None,

    /// <summary>One launch: says nothing about how it would differ the next time.</summary>
    QuickLook,

    /// <summary>Two launches or more.</summary>
    Measured,
}

/// <summary>One variant of a finished cell, flat: a row of <c>results.csv</c> and of the command's table.</summary>
/// <remarks>A number is null where it was not measured, does not apply or, for the ends of an interval, where there is no bound.</remarks>
public sealed record ResultRow
{
    public required CellId Cell { get; init; }

    /// <summary>The cell's place in the plan.</summary>
    public required long Index { get; init; }

    public required Outcome Outcome { get; init; }
    public required ResultQuality Quality { get; init; }

    /// <summary>The quality as it is written: <c>quick_look</c>, <c>measured</c>, or null.</summary>
    public string? QualityName =>
        Quality switch
        {
            ResultQuality.None => null,
            ResultQuality.QuickLook => "quick_look",
            ResultQuality.Measured => "measured",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public required DeviceId? Device { get; init; }

    /// <summary>All axes, the reserved ones too, in the sweep's order.</summary>
    public required IReadOnlyDictionary<string, AxisValue> Point { get; init; }

    /// <summary>The variant's label.</summary>
    public required string Variant { get; init; }

    public required string Baseline { get; init; }

    /// <summary>Median time of one iteration, with its 95% interval over launches.</summary>
    public double? TimeMedianSeconds { get; init; }
    public double? TimeLowSeconds { get; init; }
    public double? TimeHighSeconds { get; init; }

    /// <summary>Time ÷ the baseline's, with its 95% interval; null for the baseline itself.</summary>
    public double? Ratio { get; init; }
    public double? RatioLow { get; init; }
    public double? RatioHigh { get; init; }

    /// <summary>Faster, Slower, Equivalent or Inconclusive, among all cells of the sweep; null where nothing is compared.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>The verdict as it is written: <c>faster</c>, <c>slower</c>, <c>equivalent</c>, <c>inconclusive</c>.</summary>
    public string? VerdictName => Verdict?.ToString().ToLowerInvariant();

    /// <summary>The p-value of no difference, corrected over the grid; null where there is none.</summary>
    public double? AdjustedP { get; init; }

    /// <summary>Whether the cell is a control.</summary>
    public ControlKind Control { get; init; }

    /// <summary>As it is written: <c>same</c>, <c>slower</c>, or null.</summary>
    public string? ControlName => Control == ControlKind.None ? null : Control.ToString().ToLowerInvariant();

    /// <summary>Launches that the times rest on.</summary>
    public required int Launches { get; init; }

    /// <summary>Share of samples kept, 0 to 1.</summary>
    public double? SamplesAcceptedRatio { get; init; }

    /// <summary>Peak memory: the median over memory launches, the least and the greatest.</summary>
    public double? PeakMemoryBytes { get; init; }
    public double? PeakMemoryMinimumBytes { get; init; }
    public double? PeakMemoryMaximumBytes { get; init; }
    public required int MemoryLaunches { get; init; }

    /// <summary>Analytic work of one iteration: FLOPs and least bytes, unfused.</summary>
    public double? Flops { get; init; }
    public double? Bytes { get; init; }

    /// <summary>FLOPs per byte.</summary>
    public double? ArithmeticIntensity => Bytes is > 0 ? Flops / Bytes : null;

    /// <summary>How near it comes to what its device was measured to do; null where no canary was measured, and for other types than float32.</summary>
    public Roofline? Roofline { get; init; }

    /// <summary>Trainable parameters.</summary>
    public long? Parameters { get; init; }

    /// <summary>The largest relative error over the cell's launches; see <see cref="VariantFacts"/>.</summary>
    public double? ForwardError { get; init; }
    public double? GradientError { get; init; }

    /// <summary>False: some launch's warm-up ended with a slope left.</summary>
    public bool? Steady { get; init; }

    /// <summary>The size that was chosen to match the baseline; null where none was.</summary>
    public MatchedSize? Matched { get; init; }

    /// <summary>The median launch as <c>%timeit</c> sums it up, where the pass is <c>seed_epoch</c>; else null.</summary>
    public LoopTimes? Timeit { get; init; }

    /// <summary>What was learnt over the epochs of that launch, curves by name; null where it tells nothing.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>>? EpochCurves { get; init; }

    /// <summary>What was learnt, where the pass is one of quality; else null.</summary>
    public Training? Training { get; init; }

    /// <summary>What all trials at the cell's learning rate came to; null where nothing was trained.</summary>
    public RateFindings? Rate { get; init; }

    /// <summary>Whether that is the variant's best learning rate.</summary>
    public bool? IsBestRate { get; init; }

    /// <summary>The backend whose cell of the same point comes first; null where there is none.</summary>
    public string? BackendFrom { get; init; }

    /// <summary>Time ÷ the same variant's in <see cref="BackendFrom"/>, with its 95% interval over independent launches.</summary>
    public double? BackendRatio { get; init; }
    public double? BackendRatioLow { get; init; }
    public double? BackendRatioHigh { get; init; }

    public FingerprintId? Fingerprint { get; init; }
    public required DateTimeOffset FinishedAt { get; init; }
}
