using Layerbench.Cli.Doctor;
using Layerbench.Cli.Views;
using Layerbench.Core.Results;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Local;
using Layerbench.Engine.Output;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;
using Layerbench.SweepFiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace Layerbench.Cli.Sweeping;

/// <summary>One run of one sweep into one output folder, with the local engine.</summary>
internal sealed class SweepSession(Workplace place, OutputFolder folder, TimeProvider time)
{
    /// <summary>Null: nobody asked for metrics.</summary>
    public RunTelemetry? Telemetry { get; init; }

    /// <param name="rerunFailed">Forget the failures of earlier runs first.</param>
    /// <param name="stop">Soft: end after the cell in flight.</param>
    /// <param name="kill">Hard.</param>
    public async Task<RunSummary> RunAsync(
        LoadedSweep sweep,
        SweepRecord record,
        bool rerunFailed,
        IRunView view,
        CancellationToken stop,
        CancellationToken kill,
        RunControl? control = null
    )
    {
        var plan = SweepPlan.Create(sweep.Spec, place.Catalog.Variants);
        var devices = place.DevicesOf(sweep.Spec);
        if (rerunFailed)
        {
            var reopened = await folder.Store.ReopenAsync(record.Id, Outcome.FailureNames);
            view.Say($"{Units.Count(reopened, "failed cell")} will be run again");
        }

        var engine = Engine(folder.Store);
        var run = new LocalRun
        {
            Sweep = record,
            Source = plan,
            Measure = sweep.Spec.Measure,
            Devices = devices,
            Control = control,
        };
        Task<RunSummary> RunAsync() => engine.RunAsync(run, e => view.See(Counted(e, plan)), stop, kill);
        folder.Begin(record.Id, plan.Count);
        var summary = Telemetry is null ? await RunAsync() : await Telemetry.WatchAsync(folder.Store, RunAsync);
        if (summary.End == RunEnd.Finished)
        {
            folder.Finish();
        }

        return summary;
    }

    /// <summary>Writes results.csv, results.jsonl, scaling.json, environment.json and report.html beside the store.</summary>
    public async Task WriteFilesAsync(SweepRecord record, string commandLine, CancellationToken cancellation)
    {
        var rule = Answer.RuleOf(record);
        await DerivedFiles.WriteAsync(folder.Path, folder.Store, record, rule, commandLine, cancellation);
        var scaling = await Answer.ScalingAsync(folder.Store, record, rule, cancellation);
        await DerivedFiles.WriteScalingAsync(folder.Path, record.Id, scaling);
        var report = await RunReport.ReadAsync(folder.Path, folder.Store, record, commandLine, cancellation);
        await RunReport.WritePageAsync(Path.Combine(folder.Path, RunReport.FileName), report, cancellation);
    }

    /// <summary>
    /// The sweep as it will be run: where its variants are matched by time, as an earlier run here has chosen, or else
    /// after a pilot. Null where the pilot was stopped.
    /// </summary>
    /// <param name="stop">Soft: end after the cell in flight.</param>
    /// <param name="kill">Hard.</param>
    public async Task<LoadedSweep?> MatchAsync(
        LoadedSweep sweep,
        SweepRequest request,
        IRunView view,
        CancellationToken stop,
        CancellationToken kill
    )
    {
        if (sweep.Spec.Match is not { NeedsPilot: true })
        {
            return sweep;
        }

        if (await folder.Store.SweepAsync(sweep.Id) is { } stored)
        {
            return LoadedSweep.FromRecord(stored, request, place.Catalog.Variants);
        }

        return await new PilotRun(place, Engine, time).ChosenAsync(sweep, view, stop, kill) is { } text
            ? sweep.As(text, request, place.Catalog.Variants)
            : null;
    }

    private LocalEngine Engine(IResultStore store)
    {
        var simulated = new SimulatedWorkerFactory(
            place.Catalog.Find(SimulatedBackend.Name)!.Info!,
            new VirtualClock()
        );
        return new(
            new LocalEngineParts(
                store,
                new WorkerFactory(place.Catalog, Allocator.Find(), simulated, time),
                place.Catalog.Variants,
                time,
                NullLoggerFactory.Instance
            )
            {
                Meters = Telemetry?.Meters,
            }
        );
    }

    /// <summary>Keeps the sweep where it is new; else what the store has of it.</summary>
    public async Task<SweepRecord> KeepAsync(LoadedSweep sweep)
    {
        await folder.Store.SaveSweepAsync(
            sweep.ToRecord(time.GetUtcNow(), Edition.Version(typeof(SweepSession).Assembly))
        );
        return (await folder.Store.SweepAsync(sweep.Id))!;
    }

    // The engine counts the plan's points; where the plan knows how many of them are cells, that is what people want.
    private static EngineEvent Counted(EngineEvent e, SweepPlan plan) =>
        e is EngineEvent.SweepStarted started && plan.Count is { } cells ? started with { Cells = cells } : e;
}
