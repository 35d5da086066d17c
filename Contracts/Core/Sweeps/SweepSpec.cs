using Layerbench.Core.Statistics;
using Layerbench.Core.Sweeps.Matching;

namespace Layerbench.Core.Sweeps;

/// <summary>A validated sweep file: everything in it is known to the catalogue and in range.</summary>
public sealed record SweepSpec
{
    public required string Name { get; init; }

    /// <summary>What the sweep asks, in the user's words; shown in reports.</summary>
    public string? Question { get; init; }

    /// <summary>Files that some of the variants are from.</summary>
    public IReadOnlyList<PlugIn> PlugIns { get; init; } = [];

    public required IReadOnlyList<VariantSpec> Variants { get; init; }

    /// <summary>The label that ratios are taken against; by default the first variant's.</summary>
    public required string Baseline { get; init; }

    /// <summary>
    /// In the file's order, the reserved axes (<c>pass</c>, <c>backend</c>, <c>dtype</c>, <c>threads</c>) first; every
    /// parameter that a variant or pass needs and the file does not name is here too, with its default.
    /// </summary>
    public required IReadOnlyList<AxisSpec> Axes { get; init; }

    public required Design Design { get; init; }

    /// <summary>A point is kept where all of these are true (<c>where</c>, and <c>exclude</c> negated).</summary>
    public IReadOnlyList<Expression> Conditions { get; init; } = [];

    /// <summary>On what terms variants meet; null: with the values that the point and their <c>with</c> give.</summary>
    public MatchSpec? Match { get; init; }

    public MeasureSpec Measure { get; init; } = new();

    public ControlSpec Controls { get; init; } = new();

    /// <summary>Comparisons judged by themselves besides, as a family of a few.</summary>
    public IReadOnlyList<HeadlineSpec> Headlines { get; init; } = [];

    /// <summary>Device patterns as written: <c>auto</c>, <c>cpu</c>, <c>cpu:0-3</c>, <c>cuda:0</c>, <c>cuda:*</c>, <c>simulated:64</c>.</summary>
    public IReadOnlyList<string> Devices { get; init; } = ["auto"];

    /// <summary>What it asks of a cluster; one machine has no use for it.</summary>
    public ClusterSpec Cluster { get; init; } = new();

    public ulong Seed { get; init; } = 1;
}

/// <summary>A file with variants of the user's own.</summary>
/// <param name="File">As the sweep has it: from its folder, ending in <c>.py</c> or <c>.dll</c>.</param>
/// <param name="Sha256">Of its content, in lower-case hexadecimal digits; null where the sweep does not say.</param>
public sealed record PlugIn(string File, string? Sha256);

/// <param name="With">Parameters of this variant alone, as expressions over the point.</param>
public sealed record VariantSpec(string Label, string Variant, IReadOnlyDictionary<string, Expression> With);

public abstract record AxisSpec(string Name)
{
    /// <summary>Values written out; ranges and log ranges are expanded when the file is read.</summary>
    public sealed record Listed(string Name, IReadOnlyList<AxisValue> Values) : AxisSpec(Name);

    /// <summary>A value computed at each point from other axes, e.g. <c>4*d_model</c>.</summary>
    public sealed record Derived(string Name, Expression Expression) : AxisSpec(Name);
}

/// <summary>Which combinations of the listed axes become points.</summary>
public abstract record Design
{
    private Design() { }

    /// <summary>Every combination.</summary>
    public sealed record Grid : Design;

    /// <summary>The centre, and for each axis its other values with the rest at the centre.</summary>
    /// <param name="Centre">One value for each listed axis of more than one value.</param>
    public sealed record OneAtATime(IReadOnlyDictionary<string, AxisValue> Centre) : Design;

    /// <summary>The nth values of all axes together; axes of one value stay as they are.</summary>
    public sealed record Zip : Design;

    /// <summary>The points given, each with a value for every axis of the list.</summary>
    public sealed record List(IReadOnlyList<IReadOnlyDictionary<string, AxisValue>> Points) : Design;

    /// <summary>Points drawn from the grid without repetition, seeded.</summary>
    public sealed record Random(long Count) : Design;

    /// <summary>Points that cover each axis evenly (McKay, Beckman, Conover 1979), seeded.</summary>
    public sealed record LatinHypercube(long Count) : Design;
}

/// <summary>
/// Cells that measure the measurement: the baseline against itself, at points of the sweep chosen by its seed. See
/// docs/measurement.md.
/// </summary>
public sealed record ControlSpec
{
    /// <summary>No controls at all.</summary>
    public static ControlSpec None { get; } = new() { Same = 0, Slower = 0 };

    /// <summary>Controls of identical code, as a share of the points, 0 to 0.5. Above 0 there is at least one.</summary>
    public double Same { get; init; } = 0.05;

    /// <summary>Controls with extra work, likewise.</summary>
    public double Slower { get; init; } = 0.05;

    /// <summary>Their extra work, as a share of the work, 0.001 to 1.</summary>
    public double Effect { get; init; } = 0.03;
}

/// <summary>How a cell is measured; see docs/measurement.md. Defaults are for a CPU.</summary>
public sealed record MeasureSpec
{
    /// <summary>
    /// Fresh worker processes per cell, exactly so many: 1 to 1000, 1 is a quick look and says so. Null (<c>auto</c>): as
    /// many as the target takes, looked at after <see cref="Looks.At"/>.
    /// </summary>
    public int? Launches { get; init; }

    /// <summary>The last look where <see cref="Launches"/> is null, 6 to 48.</summary>
    public int MaximumLaunches { get; init; } = 48;

    /// <summary>Timed blocks per launch, 1 to 10000.</summary>
    public int Blocks { get; init; } = 20;

    /// <summary>Launches that measure peak memory only, 0 to 100.</summary>
    public int MemoryLaunches { get; init; } = 3;

    /// <summary>
    /// Half the margin of a verdict: a difference of 3% is then told from one of 2%, the margin, by a whole half-width.
    /// </summary>
    public const double UsualTarget = 0.01;

    /// <summary>Wanted relative half-width of the ratio's 95% interval; <see cref="UsualTarget"/> unless the sweep says otherwise.</summary>
    public double TargetHalfWidth { get; init; } = UsualTarget;

    /// <summary>Least wall time of one sample; iterations are chosen to reach it.</summary>
    public TimeSpan MinimumSample { get; init; } = TimeSpan.FromMilliseconds(1);

    public TimeSpan WarmUpMinimum { get; init; } = TimeSpan.FromMilliseconds(200);
    public TimeSpan WarmUpMaximum { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A cell that takes longer than this in one launch is given up (<c>timeout</c>).</summary>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether time launches measure what their device can do; see docs/measurement.md, step 13.</summary>
    public bool Canaries { get; init; } = true;

    /// <summary>Stop starting cells after this long; null: no bound.</summary>
    public TimeSpan? SweepBudget { get; init; }

    /// <summary>Measuring time for one cell over all launches; null: no bound.</summary>
    public TimeSpan? CellBudget { get; init; }

    /// <summary>How hopeless trainings of a quality pass are ended early; null: none is.</summary>
    public PruneSpec? Prune { get; init; }

    /// <summary>Launches that every measured cell gets at least: all of a fixed number, else those of the first look.</summary>
    public int LeastLaunches => Launches ?? Looks.At[0];

    /// <summary>Launches after which every cell has ended.</summary>
    public int MostLaunches => Launches ?? MaximumLaunches;

    /// <summary>When a cell has enough launches.</summary>
    public StopRule Rule =>
        Launches is { } fixedLaunches
            ? new FixedLaunches(fixedLaunches)
            : new LooksRule(TargetHalfWidth, MaximumLaunches);
}
