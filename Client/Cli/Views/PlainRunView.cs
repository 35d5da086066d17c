using System.Globalization;

namespace Layerbench.Cli.Views;

/// <summary>
/// Progress as lines, for logs. Every finished cell has its line as long as they come slowly; past
/// <see cref="CellsPerSecond"/> the rest of a second is counted, so that a fast sweep does not drown its log. Launches
/// and progress are told of at most once in <see cref="Quiet"/>.
/// </summary>
internal sealed class PlainRunView(TextWriter writer, IReadOnlyList<string> axes) : IRunView
{
    public const int CellsPerSecond = 10;

    /// <summary>Between two lines on launches, and between two on progress.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly RunPicture picture = new(axes);
    private DateTimeOffset second;
    private DateTimeOffset launchToldAt;
    private DateTimeOffset progressToldAt;
    private int cellsThisSecond;
    private long uncounted;

    public void See(EngineEvent e)
    {
        lock (gate)
        {
            picture.See(e);
            switch (e)
            {
                case EngineEvent.SweepStarted started:
                    progressToldAt = e.At;
                    WriteStart(started);
                    break;
                case EngineEvent.DeviceBusy busy:
                    writer.WriteLine($"{busy.Device} {RunPicture.BusyText(busy.Holder)}");
                    break;
                case EngineEvent.LaunchStarted launch when IsDue(ref launchToldAt, e.At):
                    writer.WriteLine(
                        $"{launch.Device}: {RunPicture.LaunchText(launch.Kind, launch.Number, launch.Of)}, {Units.Count(launch.Cells, "cell")}"
                    );
                    break;
                case EngineEvent.TrainingProgressed training when IsDue(ref launchToldAt, e.At):
                    writer.WriteLine(
                        $"{training.Device}: training {PointText.Of(axes, training.Cell.Point.Find)}: {TrainingText.Of(training)}"
                    );
                    break;
                case EngineEvent.CellFinished finished:
                    if (MayWriteCell(e.At) || finished.Result.Outcome.IsFailure)
                    {
                        writer.WriteLine($"done {CellText.Line(axes, finished)}");
                    }
                    else
                    {
                        uncounted++;
                    }

                    break;
                case EngineEvent.IncidentSeen seen:
                    writer.WriteLine($"incident {RunPicture.IncidentLine(seen.Incident)}");
                    break;
                case EngineEvent.ProgressMade when IsDue(ref progressToldAt, e.At):
                    writer.WriteLine(picture.Line());
                    break;
                case EngineEvent.SweepEnded ended:
                    CountTheRest();
                    writer.WriteLine(End(ended));
                    break;
                default:
                    break;
            }

            writer.Flush();
        }
    }

    public void Say(string line)
    {
        lock (gate)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static string End(EngineEvent.SweepEnded ended) =>
        ended.End switch
        {
            RunEnd.Finished => $"finished after {Units.Duration(ended.Elapsed)}",
            RunEnd.Interrupted => $"interrupted after {Units.Duration(ended.Elapsed)}; what was measured is kept",
            RunEnd.BudgetSpent =>
                $"the budget is spent after {Units.Duration(ended.Elapsed)}; what was measured is kept, and a run with more goes on",
            RunEnd.BackendUnusable =>
                $"ended after {Units.Duration(ended.Elapsed)}: a backend cannot be used; what was measured is kept",
            RunEnd.Stopped =>
                $"stopped after {Units.Duration(ended.Elapsed)}: {ended.Reason}; what was measured is kept",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private void WriteStart(EngineEvent.SweepStarted started)
    {
        var devices = string.Join(", ", started.Devices.Select(d => $"{d.Id} ({d.Model})"));
        var before = started.FinishedBefore == 0 ? "" : $", {Units.Count(started.FinishedBefore)} done before";
        writer.WriteLine($"{started.Sweep}: {Units.Count(started.Cells, "cell")}{before}, on {devices}");
    }

    private bool MayWriteCell(DateTimeOffset at)
    {
        if (at - second >= TimeSpan.FromSeconds(1))
        {
            CountTheRest();
            (second, cellsThisSecond) = (at, 0);
        }

        return ++cellsThisSecond <= CellsPerSecond;
    }

    private static bool IsDue(ref DateTimeOffset toldAt, DateTimeOffset now)
    {
        if (now - toldAt < Quiet)
        {
            return false;
        }

        toldAt = now;
        return true;
    }

    private void CountTheRest()
    {
        if (uncounted > 0)
        {
            writer.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"… and {Units.Count(uncounted)} more cells done")
            );
            uncounted = 0;
        }
    }
}
