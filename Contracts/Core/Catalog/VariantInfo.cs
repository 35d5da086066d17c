using System.Text.Json.Serialization;

namespace Layerbench.Core.Catalog;

/// <summary>
/// What a worker says of a variant it can run; the engine has no list of its own. Numbers are expressions over the
/// variant's axes (see <see cref="Sweeps.Expression"/>), so that a plan can be costed before anything runs.
/// </summary>
/// <param name="Name">E.g. <c>ffn.conv1d</c>: family, dot, name.</param>
/// <param name="Summary">One line.</param>
/// <param name="Equation">The mathematics, in plain text.</param>
/// <param name="Citation">Where it is from.</param>
/// <param name="Axes">The parameters it takes.</param>
/// <param name="Constraints">What must hold of them, e.g. <c>d_model % heads == 0</c>; cells that break one are Skipped with this reason.</param>
/// <param name="Parameters">Trainable parameters (count), an expression.</param>
/// <param name="ForwardFlops">FLOPs of one forward pass, a multiply-accumulate counting as 2.</param>
/// <param name="ForwardBytes">Least bytes moved by one forward pass, unfused, at 4 bytes an element.</param>
/// <param name="EqualTo">Variants that must give the same output from the same weights.</param>
public sealed record VariantInfo(
    string Name,
    string Summary,
    string Equation,
    string Citation,
    IReadOnlyList<AxisInfo> Axes,
    IReadOnlyList<ConstraintInfo> Constraints,
    string Parameters,
    string ForwardFlops,
    string ForwardBytes,
    IReadOnlyList<string> EqualTo
)
{
    public string Family => Name.Split('.', 2)[0];
}

/// <summary>A parameter of a variant or a pass.</summary>
/// <param name="Kind"><c>integer</c>, <c>real</c>, <c>text</c> or <c>truth</c>.</param>
/// <param name="Default">Canonical text or an expression over other axes; null where the sweep must give it.</param>
/// <param name="Minimum">Least value of a number, or null.</param>
/// <param name="Values">The closed list of values of a text, or null.</param>
public sealed record AxisInfo(
    string Name,
    string Kind,
    string Summary,
    string? Default = null,
    double? Minimum = null,
    double? Maximum = null,
    IReadOnlyList<string>? Values = null
);

/// <param name="Expression">True where the variant can run.</param>
/// <param name="Reason">What to tell the user where it cannot.</param>
public sealed record ConstraintInfo(string Expression, string Reason);

/// <summary>What is done with a variant: timed (a forward pass, a training step, an epoch), or trained to see what it learns.</summary>
/// <param name="Axes">Parameters of the pass beside the variant's.</param>
/// <param name="FlopsFactor">FLOPs of the pass (of quality: of the whole training) ÷ forward FLOPs of one batch, an expression over the pass's axes and <c>batch</c>.</param>
/// <param name="MemoryFactor">Live bytes of the pass ÷ forward bytes, a rough bound used to skip cells that cannot fit.</param>
/// <param name="Kind"><c>time</c> or <c>quality</c>; see docs/quality.md.</param>
/// <param name="Metric">Of quality: the headline value, higher is better, e.g. <c>accuracy</c>.</param>
/// <param name="Guess">Of quality: the metric by guessing, an expression over the point's axes; null: there is none.</param>
/// <param name="Steps">Of quality: optimiser steps at most, an expression; null: none are made.</param>
/// <param name="StepFlops">FLOPs of a step beside the variant's, those of the model around it; an expression, null: none.</param>
/// <param name="StepBytes">Bytes that a step moves beside the variant's, unfused, at 4 bytes an element; an expression, null: none.</param>
public sealed record PassInfo(
    string Name,
    string Summary,
    IReadOnlyList<AxisInfo> Axes,
    string FlopsFactor,
    string MemoryFactor,
    string Kind = "time",
    string? Metric = null,
    string? Guess = null,
    string? Steps = null,
    string? StepFlops = null,
    string? StepBytes = null
)
{
    [JsonIgnore]
    public bool IsQuality => string.Equals(Kind, "quality", StringComparison.Ordinal);
}

/// <summary>One worker's answer to <c>--describe</c>.</summary>
public sealed record BackendInfo(
    string Backend,
    int Protocol,
    IReadOnlyList<VariantInfo> Variants,
    IReadOnlyList<PassInfo> Passes,
    IReadOnlyList<string> Dtypes
);
