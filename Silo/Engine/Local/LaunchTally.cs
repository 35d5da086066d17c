using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;

namespace Layerbench.Engine.Local;

/// <summary>Counts cells' launches of a run, as its events tell of them: done, and still to come as far as is known.</summary>
internal sealed class LaunchTally(MeasureSpec measure, TimeProvider time)
{
    private readonly Dictionary<DeviceId, Flight> flights = [];
    private long ofEndedSlices;

    /// <summary>Launches stored in this run, one for each cell that a worker went through.</summary>
    public long Done { get; private set; }

    public IReadOnlyCollection<SliceInFlight> InFlight =>
        [.. flights.Values.Select(f => new SliceInFlight(time.GetElapsedTime(f.StartedAt), f.Done, f.Left))];

    /// <summary>
    /// What <see cref="Done"/> is expected to end at: slices in flight up to the next look at their cells, the cells
    /// that nobody has yet with as many as the cells so far needed.
    /// </summary>
    /// <param name="notGiven">Cells that nobody has yet; an upper bound where conditions exclude points.</param>
    /// <param name="finished">Cells that ended in this run.</param>
    public long Expected(long notGiven, long finished)
    {
        var each =
            finished > 0 && ofEndedSlices > 0
                ? (double)ofEndedSlices / finished
                : measure.LeastLaunches + measure.MemoryLaunches;
        return Done + flights.Values.Sum(f => f.Left) + (long)Math.Min(long.MaxValue / 4, Math.Round(notGiven * each));
    }

    public void See(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case EngineEvent.SliceLeased leased:
                flights[leased.Device] = new Flight(
                    time.GetTimestamp(),
                    0,
                    (long)leased.Cells * (measure.LeastLaunches + measure.MemoryLaunches),
                    null
                );
                break;
            case EngineEvent.LaunchStarted started when flights.TryGetValue(started.Device, out var flight):
                // A second worker for the same launch: the first died on the way, and what it left is counted already.
                if (flight.Launch != (started.Kind, started.Number))
                {
                    var left = (long)(started.Of - started.Number) * started.Cells;
                    var memory = started.Kind == LaunchKind.Time ? (long)measure.MemoryLaunches * started.Cells : 0;
                    flights[started.Device] = flight with
                    {
                        Left = left + memory,
                        Launch = (started.Kind, started.Number),
                    };
                }

                break;
            case EngineEvent.LaunchStored stored:
                Done += stored.Cells;
                if (flights.TryGetValue(stored.Device, out var storing))
                {
                    flights[stored.Device] = storing with
                    {
                        Done = storing.Done + stored.Cells,
                        Left = Math.Max(0, storing.Left - stored.Cells),
                    };
                }

                break;
            default:
                break;
        }
    }

    public void SliceEnded(DeviceId device)
    {
        if (flights.Remove(device, out var flight))
        {
            ofEndedSlices += flight.Done;
        }
    }

    /// <param name="Launch">That was started last.</param>
    private readonly record struct Flight(long StartedAt, long Done, long Left, (LaunchKind, int)? Launch);
}
