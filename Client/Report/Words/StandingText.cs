using Layerbench.Core.Engines;

namespace Layerbench.Report.Words;

/// <summary>What must stand over the results of a sweep that is not finished, so that nobody takes them for its answer.</summary>
public static class StandingText
{
    /// <summary><c>running: 12 of 96 cells so far; what follows is of those, and may change</c>; null of one that is finished.</summary>
    public static string? Of(SweepStatus status) =>
        status.Stage == SweepStage.Finished
            ? null
            : Line(
                status.Stage.ToString().ToLowerInvariant(),
                status.Finished,
                status.Cells,
                status.Stage switch
                {
                    SweepStage.Paused => $"`layerbench resume {status.Id}` goes on",
                    SweepStage.Cancelled or SweepStage.Stopped => "submitted again it goes on",
                    _ => null,
                }
            );

    /// <summary>Of a sweep whose engine does not answer.</summary>
    public const string Unknown =
        "it is not known how far the sweep is, as the cluster does not answer; what follows is what its store has";

    /// <param name="how">What the sweep does.</param>
    /// <param name="cells">Null: not known.</param>
    /// <param name="repair">How it goes on; null: by itself.</param>
    public static string Line(string how, long finished, long? cells, string? repair)
    {
        var far = cells is { } all
            ? $"{Units.Count(finished)} of {Units.Count(all, "cell")}"
            : Units.Count(finished, "cell");
        return $"{how}: {far} so far; what follows is of those{(repair is null ? ", and may change" : $"; {repair}")}";
    }
}
