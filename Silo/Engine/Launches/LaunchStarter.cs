using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Workers;
using Layerbench.Metrics;

namespace Layerbench.Engine.Launches;

/// <summary>Starts and greets the workers of a slice, and sets aside what its cells have from another environment.</summary>
internal sealed class LaunchStarter(SliceContext context, Slice slice, DeviceInfo device, CancellationToken kill)
{
    /// <summary>Once after a change of the machine is expected; again and again is a worker that never says the same.</summary>
    private const int MaximumChanges = 3;

    private readonly SliceRunnerOptions options = context.Options;
    private readonly SliceRunnerParts parts = context.Parts;
    private Fingerprint? last;
    private int changes;
    private int starts;

    /// <summary>Null: it did not start, and may be tried again.</summary>
    /// <exception cref="BackendUnusableException">It has failed too often in a row, or another try would be no better.</exception>
    public async Task<Launch?> StartAsync(LaunchKind kind, IReadOnlyList<CellInSlice> cells)
    {
        var seed = SeededRandom.Derive(
            options.Seed,
            "session",
            kind,
            slice.Attempt,
            starts++,
            cells[0].Done(kind),
            cells[0].Cell.Id
        );
        var threads = slice.Threads > 0 ? slice.Threads : Math.Max(1, device.Cpus.Count);
        var start = new WorkerStart(slice.Backend, device, kind, threads, seed);
        var startedAt = parts.Time.GetUtcNow();
        var before = parts.Time.GetTimestamp();
        IWorker? worker = null;
        try
        {
            worker = await parts.Workers.StartAsync(start, kill).ConfigureAwait(false);
            var hello = await GreetAsync(worker, start).ConfigureAwait(false);
            var launch = new Launch(
                worker,
                kind,
                context.Fingerprints.Of(start, worker, hello),
                startedAt,
                parts.Time.GetElapsedTime(before),
                kind == LaunchKind.Time && device is { Kind: "cuda", Uuid: { } uuid }
                    ? GpuWatch.Start(options.NvmlLibrary, uuid, options.GpuInterval)
                    : null
            );
            context.FailedStarts[slice.Backend] = 0;
            await SupersedeAsync(launch.Fingerprint, cells).ConfigureAwait(false);
            worker = null; // the launch has it now
            return launch;
        }
        catch (WorkerLostException e)
        {
            await NoteFailedStartAsync(e).ConfigureAwait(false);
            return null;
        }
        finally
        {
            if (worker is not null)
            {
                await worker.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<Reply.Hello> GreetAsync(IWorker worker, WorkerStart start)
    {
        // Only its own GPU is visible to the worker, which therefore calls it number 0.
        var name = start.Device.Kind == "cuda" ? "cuda:0" : "cpu";
        worker.Send(new Request.Hello(ProtocolVersion.Current, name, start.Threads, options.Flags));
        var reply = await worker.ReceiveAsync(options.HelloTimeout, kill).ConfigureAwait(false);
        return reply switch
        {
            Reply.Hello { Protocol: not ProtocolVersion.Current } other => throw Unusable(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its worker speaks protocol {other.Protocol}, this build {ProtocolVersion.Current}; install the worker that came with this build"
                ),
                worker
            ),
            Reply.Hello other when !string.Equals(other.Backend, start.Backend, StringComparison.Ordinal) =>
                throw Unusable($"its worker says it is '{other.Backend}'; see `layerbench doctor`", worker),
            Reply.Hello hello => hello,
            Reply.Trouble trouble => throw new WorkerLostException(
                LossCause.Error,
                $"the worker did not load its framework: {trouble.Message}",
                worker.StderrTail
            ),
            _ => throw new WorkerLostException(
                LossCause.Protocol,
                $"the worker sent '{reply.GetType().Name.ToLowerInvariant()}' where its hello was due",
                worker.StderrTail
            ),
        };
    }

    private async Task SupersedeAsync(Fingerprint fingerprint, IReadOnlyList<CellInSlice> cells)
    {
        if (last is not null && last.Id != fingerprint.Id && ++changes > MaximumChanges)
        {
            throw new BackendUnusableException(
                slice.Backend,
                $"the environment of its workers changes from launch to launch, so that none can be compared: {Fingerprints.Difference(last.Entries, fingerprint.Entries)}",
                ""
            );
        }

        foreach (var cell in cells)
        {
            if (cell.Fingerprint is { } earlier && earlier != fingerprint.Id)
            {
                var count = await parts
                    .Store.SupersedeAsync(options.Sweep, cell.Cell.Id, fingerprint.Id, kill)
                    .ConfigureAwait(false);
                context.Logger.LaunchesSuperseded(cell.Cell.Id, count, earlier, fingerprint.Id);
                cell.StartAgain();
            }
        }

        last = fingerprint;
    }

    private async Task NoteFailedStartAsync(WorkerLostException e)
    {
        EngineMetrics.WorkerLost(e.Cause);
        var incident = new Incident(null, parts.Time.GetUtcNow(), device.Id, e.Cause, e.Message, e.StderrTail);
        await parts.Store.RecordIncidentAsync(options.Sweep, incident, kill).ConfigureAwait(false);
        context.OnEvent(new EngineEvent.IncidentSeen(incident.At, incident));
        var failed = context.FailedStarts.AddOrUpdate(slice.Backend, 1, (_, n) => n + 1);
        context.Logger.StartFailed(slice.Backend, device.Id, failed, e.Message);
        if (failed >= options.MaximumFailedStarts)
        {
            throw new BackendUnusableException(
                slice.Backend,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{failed} starts in a row failed, the last because {e.Message}"
                ),
                e.StderrTail
            );
        }
    }

    private BackendUnusableException Unusable(string message, IWorker worker) =>
        new(slice.Backend, message, worker.StderrTail);
}
