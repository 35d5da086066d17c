namespace Layerbench.Core;

/// <summary>One side of a comparison: a variant under a label, with the parameters that differ from the point's.</summary>
/// <param name="Label">What results call it; the variant's name unless the sweep says otherwise.</param>
/// <param name="Variant">The catalogue's name, e.g. <c>ffn.conv1d</c>.</param>
/// <param name="Parameters">Every parameter the variant takes, resolved at this point.</param>
/// <param name="ExtraWork">Real work added to each sample, as a share of its own, 0 to 1; only controls have any.</param>
public sealed record VariantUse(
    string Label,
    string Variant,
    IReadOnlyDictionary<string, AxisValue> Parameters,
    double ExtraWork = 0
)
{
    /// <summary>What was chosen of these parameters to match the baseline; null where nothing was.</summary>
    public Results.MatchedSize? Matched { get; init; }
}

/// <summary>A point with its variants, measured together on one device.</summary>
/// <param name="Index">Its place in the plan's mixed-radix order; controls come after all points.</param>
/// <param name="Baseline">The label of the variant that ratios are taken against; one of <paramref name="Variants"/>.</param>
public sealed record Cell(
    long Index,
    CellId Id,
    Point Point,
    IReadOnlyList<VariantUse> Variants,
    string Baseline,
    ControlKind Control = ControlKind.None
)
{
    /// <summary>Whether its variants are trained, once each, to see what they learn, and not timed.</summary>
    public bool IsQuality { get; init; }

    /// <summary>The pass: <c>forward</c>, <c>forward_backward</c>, <c>training_step</c>, <c>seed_epoch</c>.</summary>
    public string Pass => Point["pass"].Text;

    /// <summary>The backend: <c>torchsharp</c>, <c>pytorch</c>, <c>simulated</c>.</summary>
    public string Backend => Point["backend"].Text;

    /// <summary>Element type: <c>float32</c>, <c>bfloat16</c>, <c>float64</c>, <c>float16</c>.</summary>
    public string Dtype => Point["dtype"].Text;

    /// <summary>CPU threads of the worker; 0 stands for all CPUs of the device.</summary>
    public int Threads => (int)Point["threads"].Integer;
}
