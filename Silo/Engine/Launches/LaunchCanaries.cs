using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Engine.Workers;

namespace Layerbench.Engine.Launches;

/// <summary>
/// Asks the workers of a slice what the device can do: as each of the first time launches begins, enough of them for an
/// interval of the drift between two runs, and then at either end of a launch whenever the time since the last canary
/// makes another a small enough share of the whole.
/// </summary>
/// <remarks>A worker that dies of it is not asked again in this slice: its cells matter more.</remarks>
internal sealed class LaunchCanaries(SliceContext context, DeviceInfo device, CancellationToken kill)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly List<CanaryRecord> unstored = [];
    private readonly TimeProvider time = context.Parts.Time;
    private bool wanted = context.Options.Measure.Canaries;
    private TimeSpan took;
    private int begun;
    private long? endedAt;

    private bool IsDue(CanaryPlace place) =>
        endedAt is not { } ended
        || (place == CanaryPlace.First && begun < Looks.At[0])
        || time.GetElapsedTime(ended) >= took * ((1 / context.Options.MaximumCanaryShare) - 1);

    /// <summary>False: the worker died of it, which has been recorded.</summary>
    public async Task<bool> MeasureAsync(Launch launch, CanaryPlace place)
    {
        if (!wanted || launch.Kind != LaunchKind.Time || !IsDue(place))
        {
            return true;
        }

        var at = time.GetUtcNow();
        var before = time.GetTimestamp();
        launch.Worker.Send(new Request.MeasurePeaks());
        try
        {
            switch (await launch.Worker.ReceiveAsync(Timeout, kill).ConfigureAwait(false))
            {
                case Reply.Peaks peaks:
                    endedAt = time.GetTimestamp();
                    begun += place == CanaryPlace.First ? 1 : 0;
                    took = time.GetElapsedTime(before, endedAt.Value);
                    unstored.Add(
                        new CanaryRecord(
                            device.Id,
                            launch.Fingerprint.Id,
                            launch.StartedAt,
                            at,
                            place,
                            peaks.GemmFlopsPerSecond,
                            peaks.TriadBytesPerSecond
                        )
                    );
                    return true;
                case Reply.Trouble trouble:
                    await GiveUpAsync(LossCause.Error, trouble.Message, launch.Worker.StderrTail).ConfigureAwait(false);
                    return true;
                case var other:
                    await GiveUpAsync(
                            LossCause.Protocol,
                            $"sent '{other.GetType().Name.ToLowerInvariant()}' where its canary was due",
                            launch.Worker.StderrTail
                        )
                        .ConfigureAwait(false);
                    return false;
            }
        }
        catch (WorkerLostException e)
        {
            await GiveUpAsync(e.Cause, e.Message, e.StderrTail).ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>Of a launch that brought results; those of one that brought none are forgotten with it.</summary>
    public async Task StoreAsync(Launch launch, bool broughtResults)
    {
        if (unstored.Count > 0 && broughtResults)
        {
            await context
                .Parts.Store.RecordCanariesAsync(context.Options.Sweep, launch.Fingerprint, [.. unstored], kill)
                .ConfigureAwait(false);
        }

        unstored.Clear();
    }

    private async Task GiveUpAsync(string cause, string message, string stderrTail)
    {
        wanted = false;
        var at = time.GetUtcNow();
        var incident = new Incident(
            null,
            at,
            device.Id,
            cause,
            $"the canary failed, and is left out for the rest of the slice: {message}",
            stderrTail
        );
        await context.Parts.Store.RecordIncidentAsync(context.Options.Sweep, incident, kill).ConfigureAwait(false);
        context.OnEvent(new EngineEvent.IncidentSeen(at, incident));
    }
}
