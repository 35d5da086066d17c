using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Results;

namespace Layerbench.Cli.Views;

/// <summary>A run as its events tell it: how far it is, what each device does, what came out last, what went wrong.</summary>
/// <param name="axes">Axes by which points are named.</param>
internal sealed class RunPicture(IReadOnlyList<string> axes)
{
    /// <summary>Results and incidents kept for showing.</summary>
    private const int KeptResults = 6;
    private const int KeptIncidents = 3;

    private readonly Dictionary<DeviceId, Activity> devices = [];
    private readonly Queue<string> results = new();
    private readonly Queue<string> incidents = new();

    public SweepId? Sweep { get; private set; }
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>Cells with an outcome, earlier runs included.</summary>
    public long Finished { get; private set; }

    /// <summary>Cells of the sweep; where conditions exclude points, a bound that falls as they are passed.</summary>
    public long Cells { get; private set; }
    public TimeSpan? Eta { get; private set; }

    /// <summary>Cells' launches stored in this run, and what that is expected to end at.</summary>
    public (long Done, long Expected) Launches { get; private set; }

    /// <summary>Cells that have ended, and parts of those in launches now, by launches ended: what a bar shows.</summary>
    public double Progress => Finished + devices.Values.OfType<Activity.Launching>().Sum(l => l.Part);
    public long Failures { get; private set; }
    public long IncidentCount { get; private set; }
    public IReadOnlyCollection<string> Results => results;
    public IReadOnlyCollection<string> Incidents => incidents;
    public IEnumerable<(DeviceId Device, string Doing)> Devices =>
        devices.OrderBy(d => d.Key.Value, StringComparer.Ordinal).Select(d => (d.Key, d.Value.Text(axes)));

    public void See(EngineEvent e)
    {
        switch (e)
        {
            case EngineEvent.SweepStarted started:
                (Sweep, StartedAt) = (started.Sweep, started.At);
                (Cells, Finished) = (started.Cells, started.FinishedBefore);
                foreach (var device in started.Devices)
                {
                    devices[device.Id] = new Activity.Idle();
                }

                break;
            case EngineEvent.DeviceBusy busy:
                devices[busy.Device] = new Activity.Busy(busy.Holder);
                break;
            case EngineEvent.SliceLeased leased:
                devices[leased.Device] = new Activity.Preparing(leased.Cells, leased.Attempt);
                break;
            case EngineEvent.LaunchStarted launch:
                devices[launch.Device] = new Activity.Launching(launch.Kind, launch.Number, launch.Of, launch.Cells);
                break;
            case EngineEvent.CellStarted cell:
                devices[cell.Device] = (
                    devices.GetValueOrDefault(cell.Device) as Activity.Launching
                    ?? new Activity.Launching(cell.Kind, cell.Launch, 0, 0)
                ).Next(cell.Cell);
                break;
            case EngineEvent.TrainingProgressed progressed:
                devices[progressed.Device] = (
                    devices.GetValueOrDefault(progressed.Device) as Activity.Launching
                    ?? new Activity.Launching(LaunchKind.Quality, 0, 1, 1).Next(progressed.Cell)
                ) with
                {
                    Training = TrainingText.Of(progressed),
                };
                break;
            case EngineEvent.RungDecided:
                break;
            case EngineEvent.LaunchStored { Kind: LaunchKind.Quality }:
                // The same worker goes on with the next cell.
                break;
            case EngineEvent.LaunchStored stored:
                devices[stored.Device] = new Activity.Idle();
                break;
            case EngineEvent.CellFinished finished:
                Keep(results, CellText.Line(axes, finished), KeptResults);
                Finished++;
                Failures += finished.Result.Outcome.IsFailure ? 1 : 0;
                break;
            case EngineEvent.IncidentSeen seen:
                IncidentCount++;
                Keep(incidents, IncidentLine(seen.Incident), KeptIncidents);
                break;
            case EngineEvent.ProgressMade made:
                // The scheduler hears of a slice's cells when the slice ends.
                Finished = Math.Max(Finished, made.Progress.Finished);
                Cells = Math.Min(Cells, made.Progress.Size - made.Progress.Excluded);
                Eta = made.Eta;
                Launches = (made.LaunchesDone, made.LaunchesExpected);
                break;
            case EngineEvent.SweepEnded:
                devices.Clear();
                break;
            default:
                throw new System.Diagnostics.UnreachableException(e.GetType().Name);
        }
    }

    /// <summary><c>0 of 8 cells done, 24 of about 72 launches, about 20 s left</c></summary>
    public string Line()
    {
        var (done, expected) = Launches;
        var launches =
            done == 0 || Finished == Cells
                ? ""
                : $", {Units.Count(done)} of about {Units.Count(expected, "launch", "launches")}";
        // Less than a second with cells to come is not known well enough to be said.
        var left =
            Eta is { } eta && (Finished == Cells || eta >= TimeSpan.FromSeconds(1))
                ? $", about {Units.Duration(eta)} left"
                : "";
        return $"{Units.Count(Finished)} of {Units.Count(Cells, "cell")} done{launches}{left}";
    }

    /// <summary><c>12:30:05 cpu: worker_lost: exit code 139 (cell 1f3a…)</c></summary>
    public static string IncidentLine(Incident incident)
    {
        var cell = incident.Cell is { } id ? $" (cell {id})" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{incident.At:HH:mm:ss} {incident.Device}: {incident.Cause}: {incident.Message}{cell}"
        );
    }

    private static void Keep(Queue<string> lines, string line, int most)
    {
        lines.Enqueue(line);
        while (lines.Count > most)
        {
            lines.Dequeue();
        }
    }

    /// <summary>What a device does.</summary>
    private abstract record Activity
    {
        public abstract string Text(IReadOnlyList<string> axes);

        public sealed record Idle : Activity
        {
            public override string Text(IReadOnlyList<string> axes) => "between launches";
        }

        public sealed record Busy(string Holder) : Activity
        {
            public override string Text(IReadOnlyList<string> axes) => BusyText(Holder);
        }

        public sealed record Preparing(int Cells, int Attempt) : Activity
        {
            public override string Text(IReadOnlyList<string> axes) =>
                Attempt == 1
                    ? $"takes {Units.Count(Cells, "cell")}"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"takes {Units.Count(Cells, "cell")}, attempt {Attempt}"
                    );
        }

        /// <param name="Number">0-based.</param>
        /// <param name="Started">Cells of this launch begun so far.</param>
        public sealed record Launching(
            LaunchKind Kind,
            int Number,
            int Of,
            int Cells,
            int Started = 0,
            Cell? Current = null,
            string? Training = null
        ) : Activity
        {
            /// <summary>Of the slice's cells, in whole cells.</summary>
            public double Part =>
                Kind == LaunchKind.Time ? (double)Cells * Number / Math.Max(Number + 1, Of)
                : Kind == LaunchKind.Memory ? Cells
                : 0;

            public Launching Next(Cell cell) => this with { Started = Started + 1, Current = cell, Training = null };

            public override string Text(IReadOnlyList<string> axes)
            {
                var launch = LaunchText(Kind, Number, Of);
                return Current is null
                    ? $"{launch}: starts a worker"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{launch}, cell {Started} of {Math.Max(Started, Cells)}: {PointText.Of(axes, Current.Point.Find)}{(Training is null ? "" : $", {Training}")}"
                    );
            }
        }
    }

    /// <summary>Who has the device, and the way out.</summary>
    public static string BusyText(string holder) =>
        $"waits until {holder} has ended, which measures on it; or choose other --devices, or end that process";

    /// <summary><c>launch 3 of 6</c>, <c>memory launch 1 of 3</c>, <c>training</c>.</summary>
    public static string LaunchText(LaunchKind kind, int number, int of) =>
        kind == LaunchKind.Quality
            ? "training"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{(kind == LaunchKind.Memory ? "memory launch" : "launch")} {number + 1} of {Math.Max(number + 1, of)}"
            );
}
