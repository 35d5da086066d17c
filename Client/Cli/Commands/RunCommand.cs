using System.CommandLine;
using Layerbench.Cli.Remote;
using Layerbench.Cli.Serving;
using Layerbench.Cli.Sweeping;
using Layerbench.Cli.Views;
using Layerbench.Core.Results;
using Layerbench.Engine.Local;
using Layerbench.Engine.Output;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Commands;

/// <summary>Measures a sweep, shows it while it goes on, and shows the answer.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "A sweep file; not with --resume.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--out", "-o")
        {
            Description = "Where results go; results/NAME if not given, with the sweep's name.",
            HelpName = "DIR",
        };
        var resume = new Option<string?>("--resume")
        {
            Description =
                "Go on with the sweep of a folder, which knows it; the latest under results/ if no DIR is given.",
            HelpName = "DIR",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var rerunFailed = new Option<bool>("--rerun-failed")
        {
            Description = "Try cells again that were incorrect, failed or poisoned.",
        };
        var budget = SharedOptions.Budget(
            "Start no launch after this long, e.g. 30m; after every cell's first look it goes where verdicts are nearest."
        );
        var json = new Option<bool>("--json") { Description = "Print events as JSON, one a line; no table." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Print errors and nothing else." };
        var set = SharedOptions.Set();
        var backend = SharedOptions.Backend();
        var devices = SharedOptions.Devices();
        var python = SharedOptions.Python();
        var cluster = new Option<bool>("--cluster")
        {
            Description = "Submit it to a cluster and watch it, as `submit` and `watch` do; results stay there.",
        };
        var metrics = SharedOptions.Port(
            "--metrics",
            "Serve metrics for Prometheus on this port of loopback while it runs."
        );
        var web = new Option<int?>("--web")
        {
            Description =
                "Show it in a browser while it runs, on loopback; in a terminal the page stays until Ctrl-C. "
                + "PORT is 8080 if not given, or one that is free.",
            HelpName = "PORT",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var server = new ServerOptions();
        var command = new DocumentedCommand(
            "run",
            "Measure a sweep; run it again to go on after a stop, a crash or a kill.",
            "layerbench run sweep.yaml",
            "layerbench run sweep.yaml --set axes.batch=8,16 --set measure.launches=12 --out results/wide",
            "layerbench run sweep.yaml --set measure.launches=1 --set name=quick    # a quick look",
            "layerbench run --resume results/wide --budget 30m",
            "layerbench run sweep.yaml --json | jq -c 'select(.event == \"cell_finished\")'"
        )
        {
            file,
            output,
            set,
            backend,
            devices,
            python,
            resume,
            rerunFailed,
            budget,
            json,
            quiet,
            web,
            cluster,
            metrics,
        };
        server.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var order = new RunOrder(
                    parsed.GetValue(file),
                    parsed.GetValue(output),
                    Folder(parsed, resume),
                    new SweepRequest(
                        parsed.GetValue(set)!,
                        parsed.GetValue(backend),
                        parsed.GetValue(devices),
                        parsed.GetValue(budget)
                    ),
                    parsed.GetValue(python),
                    parsed.GetValue(rerunFailed),
                    parsed.GetValue(json),
                    parsed.GetValue(quiet),
                    parsed.GetValue(cluster),
                    parsed.GetValue(metrics),
                    parsed.GetResult(web) is null ? null : parsed.GetValue(web) ?? WatchedRun.AnyPort
                ).Checked(server.IsGiven(parsed));
                return order.Cluster
                    ? OnClusterAsync(server.Connect(parsed, time), terminal, order, server.Repeated(parsed))
                    : RunAsync(terminal, time, order, cancellation);
            }
        );
        return command;
    }

    private static async Task<int> OnClusterAsync(
        RemoteServer connected,
        Terminal terminal,
        RunOrder order,
        string options
    )
    {
        using var remote = connected;
        using var interruption = new Interruption();
        var submission = new SweepSubmission("", order.Request.OfTheSweep);
        var status = await Submitting.SubmitAsync(remote, order.File!, submission, terminal, interruption.Token);
        return await new RemoteWatch(remote, terminal, options).ShowAsync(
            status.Id,
            order.Json,
            order.Quiet,
            interruption.Token
        );
    }

    private static async Task<int> RunAsync(
        Terminal terminal,
        TimeProvider time,
        RunOrder order,
        CancellationToken cancellation
    )
    {
        await RequireStoreAsync(order.Resume);
        var plugIns = order.File is { } named
            ? PlugIns.OfFile(named, order.Request.OfTheSweep)
            : await StoredSweeps.PlugInsAsync(order.Resume!, cancellation);
        var place = await Workplace.FindAsync(order.Python, plugIns, cancellation);
        var catalog = place.Catalog.Variants;
        // Read before the folder is made, so that a mistake in the file leaves no folder behind.
        var fromFile = order.File is { } file
            ? LoadedSweep.FromFile(file, order.Request, catalog, plugIns.Setting)
            : null;
        var path = order.Resume ?? order.Output ?? Path.Combine(StoredSweeps.Root, fromFile!.Spec.Name);
        await using var folder = OutputFolder.Open(path, time);
        if (order.File is not null && plugIns.Any)
        {
            place = await Workplace.FindAsync(order.Python, plugIns.KeptIn(path), cancellation);
        }

        await using var telemetry = await RunTelemetry.StartAsync(order.Metrics, place.Available, time);
        var session = new SweepSession(place, folder, time) { Telemetry = telemetry };
        SweepRecord record;
        LoadedSweep sweep;
        if (fromFile is not null)
        {
            _ = place.DevicesOf(fromFile.Spec);
            await using (var words = RunViews.Of(terminal, time, order.Json, order.Quiet, []))
            {
                using var piloting = new StopSignals(words.Say);
                if (
                    await session.MatchAsync(fromFile, order.Request, words, piloting.Stop, piloting.Kill)
                    is not { } matched
                )
                {
                    return ExitCode.Interrupted;
                }

                sweep = matched;
            }

            await NoteAnotherSweepAsync(terminal, order, folder, sweep, path, cancellation);
            record = await session.KeepAsync(sweep);
        }
        else
        {
            record = StoredSweeps.Choose(path, await folder.Store.SweepsAsync(cancellation), wanted: null);
            sweep = LoadedSweep.FromRecord(record, order.Request, catalog);
        }

        RunSummary summary;
        await using var watched = order.Web is { } port
            ? await WatchedRun.StartAsync(port, path, place, terminal, time, cancellation)
            : null;
        var own = watched?.Adopt(sweep, record);
        var view = RunViews.Of(terminal, time, order.Json, order.Quiet, PlanView.Varying(sweep.Spec));
        if (telemetry?.Address is { } address)
        {
            view.Say($"metrics: {address}");
        }

        using (var signals = new StopSignals(view.Say))
        {
            await using (view)
            {
                using var ending = CancellationTokenSource.CreateLinkedTokenSource(
                    signals.Stop,
                    own?.Cancelled ?? CancellationToken.None
                );
                summary = await session.RunAsync(
                    sweep,
                    record,
                    order.RerunFailed,
                    own?.Beside(view) ?? view,
                    ending.Token,
                    signals.Kill,
                    own?.Control
                );
            }

            // Also where the launch in flight was killed: what was measured before is written out. A third signal ends it.
            await session.WriteFilesAsync(record, $"{OwnName.Value} {order.CommandLine}", cancellation);
        }

        if (!order.Json && !order.Quiet)
        {
            await Answer.WriteAsync(terminal, folder.Store, record, Answer.ShownCells, cancellation);
            await terminal.Output.WriteLineAsync(
                $"files: {Path.Combine(path, RunReport.FileName)}, {DerivedFiles.CsvName}, {DerivedFiles.JsonLinesName}, {DerivedFiles.ScalingName}, {DerivedFiles.EnvironmentName}, {OutputFolder.StoreName}"
            );
            await terminal.Output.WriteLineAsync($"again: {OwnName.Value} results {path}");
            if (summary.End != RunEnd.Finished)
            {
                await terminal.Output.WriteLineAsync(
                    $"go on: {OwnName.Value} run --resume {path}{(summary.End == RunEnd.BudgetSpent ? " --budget TIME" : "")}"
                );
            }
        }

        if (watched is not null && summary.End != RunEnd.BackendUnusable)
        {
            await watched.StayAsync(folder);
        }

        return ExitCode.Of(summary.End, summary.Outcomes, summary.Reason);
    }

    /// <summary>Said before it runs: results show one sweep of a folder, and it is easily another than was meant.</summary>
    private static async Task NoteAnotherSweepAsync(
        Terminal terminal,
        RunOrder order,
        OutputFolder folder,
        LoadedSweep sweep,
        string path,
        CancellationToken cancellation
    )
    {
        var there = await folder.Store.SweepsAsync(cancellation);
        if (!order.Quiet && there.Count > 0 && there.All(s => s.Id != sweep.Id))
        {
            await terminal.Error.WriteLineAsync(
                $"note: '{path}' has {string.Join(", ", there.Select(s => s.Id))}, which differs from this sweep in its file or a --set, so {sweep.Id} "
                    + "starts anew beside it, and results, analyze and compare take the one that was started last; "
                    + "give another --out to keep them apart"
            );
        }
    }

    /// <summary>The folder to resume; null where that is not asked for.</summary>
    private static string? Folder(ParseResult parsed, Option<string?> resume) =>
        parsed.GetResult(resume) is null ? null
        : parsed.GetValue(resume) is { } named ? named
        : StoredSweeps.LatestFolder(StoredSweeps.Root);

    // Opened for reading first: resuming must not make a store where there is none.
    private static async Task RequireStoreAsync(string? folder)
    {
        if (folder is not null)
        {
            await using var _ = OutputFolder.OpenForReading(folder);
        }
    }
}
