namespace Layerbench.Core.Results;

/// <summary>The width or depth that was chosen for a variant so that it meets the baseline on equal terms.</summary>
/// <param name="By">In what they are to be equal, as the sweep file has it: <c>flops</c>, <c>parameters</c>, <c>time</c>.</param>
/// <param name="Axis">The axis that was adjusted.</param>
/// <param name="Ratio">The variant's work ÷ the baseline's with it, as planned: by time, as the pilot expects it.</param>
public sealed record MatchedSize(string By, string Axis, long Value, double Ratio);
