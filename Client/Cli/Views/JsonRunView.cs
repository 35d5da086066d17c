using System.Text.Encodings.Web;
using System.Text.Json;
using Layerbench.Core.Protocol;
using Layerbench.Core.Statistics;

namespace Layerbench.Cli.Views;

/// <summary><c>--json</c>: one JSON object a line, with its keys <c>event</c> and <c>at</c> first; docs/command.md lists them.</summary>
internal sealed class JsonRunView(TextWriter writer) : IRunView
{
    private static readonly JsonSerializerOptions Options = new(ProtocolJson.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock gate = new();

    public void See(EngineEvent e)
    {
        var line = JsonSerializer.Serialize(Shape(e), Options);
        lock (gate)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    /// <summary>A stop is told by the event that ends the run.</summary>
    public void Say(string line) { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static object Shape(EngineEvent e) =>
        e switch
        {
            EngineEvent.SweepStarted s => new
            {
                Event = "sweep_started",
                s.At,
                Sweep = s.Sweep.Value,
                s.Cells,
                s.FinishedBefore,
                Devices = s.Devices.Select(d => new
                {
                    Id = d.Id.Value,
                    d.Kind,
                    d.Model,
                    d.Cpus,
                    d.MemoryBytes,
                    d.Shared,
                }),
            },
            EngineEvent.DeviceBusy b => new
            {
                Event = "device_busy",
                b.At,
                Device = b.Device.Value,
                b.Holder,
            },
            EngineEvent.SliceLeased l => new
            {
                Event = "slice_leased",
                l.At,
                Device = l.Device.Value,
                l.Cells,
                l.Attempt,
            },
            EngineEvent.LaunchStarted l => new
            {
                Event = "launch_started",
                l.At,
                Device = l.Device.Value,
                Kind = Name(l.Kind),
                l.Number,
                l.Of,
                l.Cells,
            },
            EngineEvent.CellStarted c => new
            {
                Event = "cell_started",
                c.At,
                Device = c.Device.Value,
                Cell = c.Cell.Id.Value,
                c.Cell.Index,
                Kind = Name(c.Kind),
                c.Launch,
            },
            EngineEvent.LaunchStored l => new
            {
                Event = "launch_stored",
                l.At,
                Device = l.Device.Value,
                Kind = Name(l.Kind),
                l.Number,
                l.Cells,
                ProcessStartSeconds = l.ProcessStart.TotalSeconds,
            },
            EngineEvent.TrainingProgressed t => new
            {
                Event = "training_progress",
                t.At,
                Device = t.Device.Value,
                Cell = t.Cell.Id.Value,
                Variant = t.Label,
                t.Step,
                t.Steps,
                Metric = t.MetricName,
                Value = t.Metric,
                t.Loss,
            },
            EngineEvent.RungDecided r => new
            {
                Event = "rung",
                r.At,
                Device = r.Device.Value,
                Cell = r.Cell.Id.Value,
                Variant = r.Decision.Arrival.Label,
                r.Decision.Arrival.Step,
                r.Decision.Arrival.Value,
                r.Decision.Go,
            },
            EngineEvent.CellFinished f => new
            {
                Event = "cell_finished",
                f.At,
                Cell = f.Result.Id.Value,
                f.Result.Index,
                f.Result.Point,
                f.Result.Baseline,
                Outcome = f.Result.Outcome.Name,
                Reason = f.Result.Outcome.Explanation,
                Device = f.Result.Device?.Value,
                TimeLaunches = f.Estimate?.TimeLaunches,
                MemoryLaunches = f.Estimate?.MemoryLaunches,
                Steady = f.Estimate?.Steady,
                Variants = f.Estimate?.Variants.Select(v => new
                {
                    v.Label,
                    Seconds = Shape(v.Seconds),
                    Ratio = Shape(v.Ratio),
                    PeakBytes = Shape(v.PeakBytes),
                    v.Accepted,
                }),
                Trainings = f.Trainings.Count == 0
                    ? null
                    : f.Trainings.Select(t => new
                    {
                        Label = f.Result.Labels[t.Variant],
                        Status = t.StatusName,
                        t.Metric,
                        t.Value,
                        t.Guess,
                        t.Steps,
                        Seconds = t.Duration.TotalSeconds,
                    }),
            },
            EngineEvent.IncidentSeen i => new
            {
                Event = "incident",
                i.Incident.At,
                Device = i.Incident.Device.Value,
                Cell = i.Incident.Cell?.Value,
                i.Incident.Cause,
                i.Incident.Message,
                i.Incident.StderrTail,
            },
            EngineEvent.ProgressMade p => new
            {
                Event = "progress",
                p.At,
                p.Progress.Finished,
                Cells = p.Progress.Size - p.Progress.Excluded,
                p.Progress.InFlight,
                EtaSeconds = p.Eta?.TotalSeconds,
            },
            EngineEvent.SweepEnded d => new
            {
                Event = "sweep_ended",
                d.At,
                End = JsonNamingPolicy.SnakeCaseLower.ConvertName(d.End.ToString()),
                d.Reason,
                d.Outcomes,
                ElapsedSeconds = d.Elapsed.TotalSeconds,
            },
            _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
        };

    private static string Name(Core.Results.LaunchKind kind) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    // JSON has no infinity: a bound that is not there is left out.
    private static object? Shape(Interval? interval) =>
        interval is not { } i ? null
        : Units.IsBounded(i)
            ? new
            {
                i.Value,
                Low = (double?)i.Low,
                High = (double?)i.High,
            }
        : new
        {
            i.Value,
            Low = (double?)null,
            High = (double?)null,
        };
}
