using System.Globalization;
using Layerbench.Core.Engines;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;

namespace Layerbench.Report.Words;

/// <summary>What a finished cell says, in one line, and what must be known to read its numbers.</summary>
public static class CellText
{
    public const string QuickLook = "quick look: one launch, no interval";

    /// <summary>As it is told while the sweep runs.</summary>
    public static string Line(IEnumerable<string> axes, EngineEvent.CellFinished finished) =>
        finished.Trainings.Count == 0
            ? Line(axes, finished.Result, finished.Estimate)
            : $"{PointText.Of(axes, finished.Result.Point)}: {TrainingText.Of(finished.Result.Labels, finished.Trainings)}";

    /// <summary><c>batch=8: ffn.conv1d ÷ ffn.dense 0.87× [0.85, 0.89]</c></summary>
    public static string Line(IEnumerable<string> axes, CellResult result, CellEstimate? estimate)
    {
        var point = PointText.Of(axes, result.Point);
        if (estimate is null)
        {
            return $"{point}: {Outcome(result.Outcome)}";
        }

        var compared = estimate.Variants.Where(v => v.Ratio is not null).ToList();
        var said =
            compared.Count == 0
                ? string.Join(", ", estimate.Variants.Select(v => $"{v.Label} {Units.Seconds(v.Seconds)}"))
                : string.Join(
                    ", ",
                    compared.Select(v => $"{v.Label} ÷ {result.Baseline} {Units.Ratio(v.Ratio!.Value)}")
                );
        var notes = Notes(estimate).ToList();
        if (result.Outcome is not Layerbench.Core.Results.Outcome.Completed)
        {
            notes.Insert(0, Outcome(result.Outcome));
        }

        return notes.Count == 0 ? $"{point}: {said}" : $"{point}: {said} ({string.Join("; ", notes)})";
    }

    /// <summary><c>completed</c>, <c>skipped: needs 3.1 GiB, …</c></summary>
    public static string Outcome(Outcome outcome) =>
        string.IsNullOrEmpty(outcome.Explanation) ? outcome.Name : $"{outcome.Name}: {outcome.Explanation}";

    /// <summary>Nothing where the numbers may be taken as they are.</summary>
    public static IEnumerable<string> Notes(CellEstimate estimate)
    {
        if (estimate.TimeLaunches == 1)
        {
            yield return QuickLook;
        }
        else if (estimate.Variants.Where(v => !Units.IsBounded(v.Seconds)).ToList() is { Count: > 0 } unbounded)
        {
            var least = unbounded.Min(v => v.Seconds.Launches);
            var all = Units.Count(estimate.TimeLaunches, "launch", "launches");
            yield return least < estimate.TimeLaunches
                ? $"{Units.Count(least)} of {all} have samples that were accepted, no interval (6 give one)"
                : $"{all}, no interval (6 give one)";
        }

        if (!estimate.Steady)
        {
            yield return "no steady state";
        }

        var setAside = estimate.Variants.Count == 0 ? 0 : 1 - estimate.Variants.Min(v => v.Accepted);
        if (setAside > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{100 * setAside:0.#}% of samples set aside");
        }
    }
}
