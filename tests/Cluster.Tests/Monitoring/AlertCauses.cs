using Layerbench.Cli.Remote;
using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Core.Scheduling;
using Layerbench.LocalCluster;
using Layerbench.LocalCluster.Processes;
using Layerbench.LocalCluster.Records;
using Npgsql;

namespace Layerbench.Cluster.Tests.Monitoring;

/// <summary>What each alert is to tell of, made to happen to a live cluster, until the alert fires.</summary>
internal sealed class AlertCauses(LivePrometheus prometheus, RemoteServer remote, ClusterParts parts)
{
    private const string Failing = """
        name: failing
        variants:
          - {variant: sim.cost, label: base}
          - {variant: sim.cost, label: wrong, with: {fault: "incorrect"}}
        backend: simulated
        axes: {replicate: {range: {from: 1, to: 20}}}
        measure: {launches: 1, memory_launches: 0, blocks: 5}
        controls: {same: 0, slower: 0}

        """;

    /// <summary>With a budget of its own, which stops it long before a tenth of its cells have failed.</summary>
    private static string Strict { get; } =
        Failing
            .Replace("name: failing", "name: strict", StringComparison.Ordinal)
            .Replace("to: 20", "to: 2000", StringComparison.Ordinal) + "cluster: {failure_budget: 2}\n";

    /// <summary>What is prepared second is slower, whatever it is: its controls are judged different.</summary>
    private const string Biased = """
        name: biased
        variants:
          - {variant: sim.cost, label: base, with: {layout_bias: 0.1}}
          - {variant: sim.cost, label: other, with: {layout_bias: 0.1}}
        backend: simulated
        axes: {replicate: {range: {from: 1, to: 20}}}
        measure: {launches: 6, memory_launches: 0, blocks: 5}
        controls: {same: 50%, slower: 0}
        """;

    /// <summary>
    /// Cells wait for devices, and no device may run them: the sweep asks for a kind that the fleet has not. To be called
    /// where nothing else runs, or time lost between slices would do.
    /// </summary>
    public async Task NoDeviceMayAsync()
    {
        await QuietAsync("LayerbenchIdleWithWork");
        var sweep = await SubmitAsync(
            new SweepSubmission("simulated: 100", [], "nobodys", Devices: DeviceSelector.Parse("kind=cuda"))
        );
        foreach (var silo in parts.Record.Silos)
        {
            await FiresAsync("LayerbenchIdleWithWork", "node", silo.Name);
        }

        await remote.CommandAsync(sweep, SweepCommand.Cancel, CancellationToken.None);
    }

    public async Task CellsFailAsync()
    {
        foreach (var text in (string[])[Failing, Strict])
        {
            var sweep = await SubmitAsync(new SweepSubmission(text, []));
            await FiresAsync("LayerbenchFailureBudgetExceeded", "sweep", sweep.Value);
        }
    }

    /// <summary>What its results say is read now and then only.</summary>
    public Task<SweepId> BeginBiasedSweepAsync() => SubmitAsync(new SweepSubmission(Biased, []));

    public Task IdenticalCodeDiffersAsync(SweepId biased) =>
        FiresAsync("LayerbenchControlsFalsePositive", "sweep", biased.Value);

    /// <summary>A sweep of many minutes, once it is known of how many.</summary>
    public async Task<SweepId> BeginLongSweepAsync()
    {
        var sweep = await SubmitAsync(new SweepSubmission("simulated: 100000", [], "long"));
        await Wait.UntilAsync(() =>
            prometheus.HasShownAsync($"layerbench_sweep_eta_seconds{{sweep=\"{sweep.Value}\"}} > 300")
        );
        return sweep;
    }

    /// <summary>Another session of the database locks a table, again and again, until commits have waited for it.</summary>
    public async Task CommitsWaitAsync()
    {
        await using var holder = new NpgsqlConnection(parts.ConnectionString);
        await using var onlooker = new NpgsqlConnection(parts.ConnectionString);
        await holder.OpenAsync();
        await onlooker.OpenAsync();
        await using var hold = new NpgsqlCommand("LOCK TABLE layerbench.launches IN EXCLUSIVE MODE", holder);
        await using var look = new NpgsqlCommand(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE wait_event_type = 'Lock' AND clock_timestamp() - query_start > interval '0.5 s'
            """,
            onlooker
        );
        await Wait.UntilAsync(
            async () =>
            {
                await using (await holder.BeginTransactionAsync())
                {
                    await hold.ExecuteNonQueryAsync();
                    await Wait.UntilAsync(async () => await look.ExecuteScalarAsync() is > 0L, what: "a commit waits");
                }

                return await prometheus.IsFiringAsync("LayerbenchCommitSlow");
            },
            what: "LayerbenchCommitSlow"
        );
    }

    /// <summary>
    /// The silo that coordinates the sweep stands still until a device of the other has told it of a slice and had no
    /// answer: what was told is told again, and then both are heard. If no slice ended in time, the other silo has the
    /// sweep by then, and it is tried again.
    /// </summary>
    public async Task ResultsAreToldTwiceAsync(SweepId sweep)
    {
        await QuietAsync("LayerbenchDuplicatesRising");
        await Wait.UntilAsync(
            async () =>
            {
                await AllAliveAsync();
                var coordinator = await CoordinatorAsync(sweep);
                var other = parts.Record.Silos.Single(s => s.Name != coordinator.Name);
                var before = Untold(other);
                var takenOver = false;
                coordinator.Process!.Send(ProcessSignal.Stop);
                try
                {
                    await Wait.UntilAsync(
                        async () =>
                            Untold(other) > before
                            || (takenOver = (await CoordinatorsAsync(sweep)).Contains(Instance(other))),
                        what: "a slice is told in vain, or the sweep is taken over"
                    );
                }
                finally
                {
                    coordinator.Process.Send(ProcessSignal.Continue);
                }

                if (takenOver)
                {
                    await Wait.UntilAsync(() => Task.FromResult(!coordinator.Process.IsAlive));
                }

                return await prometheus.IsFiringAsync("LayerbenchDuplicatesRising");
            },
            what: "LayerbenchDuplicatesRising"
        );
    }

    /// <summary>Half of the devices are lost, and with them half of the sweep's speed; then the node is given up.</summary>
    public async Task ASiloDiesAsync(SweepId sweep)
    {
        await QuietAgainAsync("LayerbenchTargetDown", "LayerbenchNodeLost", "LayerbenchEtaSlipped");
        var coordinator = await CoordinatorAsync(sweep);
        var lost = parts.Record.Silos.Single(s => s.Name != coordinator.Name);
        lost.Process!.Send(ProcessSignal.Kill);

        await FiresAsync("LayerbenchTargetDown", "instance", Instance(lost));
        await FiresAsync("LayerbenchNodeLost", "node", lost.Name);
        await FiresAsync("LayerbenchEtaSlipped", "sweep", sweep.Value);
        // It stays away, and is told to: nobody misses it any more.
        (await prometheus.IsFiringAsync("LayerbenchNodeLost")).ShouldBeTrue();
        await remote.DrainAsync(lost.Name, drain: true, CancellationToken.None);
        await QuietAsync("LayerbenchNodeLost");
        foreach (var (name, expression) in DashboardPanels.Marks())
        {
            await Wait.UntilAsync(() => prometheus.HasShownAsync(expression), what: name);
        }
    }

    public async Task NoSiloIsLeftAsync()
    {
        // As long as one silo answers; on a busy machine it may miss a scrape.
        await QuietAsync("LayerbenchNothingAnswers");
        foreach (var silo in parts.Record.Silos.Where(s => s.Process!.IsAlive))
        {
            silo.Process!.Send(ProcessSignal.Kill);
        }

        await FiresAsync("LayerbenchNothingAnswers", "job", "layerbench-silo");
    }

    /// <summary>None of these fires any more; without names: none at all does.</summary>
    public Task QuietAsync(params string[] alerts) => QuietAsync(alerts, () => Task.CompletedTask);

    /// <summary>The same, of a cluster whose silos were made to stand still: one that has ended itself is started again.</summary>
    private Task QuietAgainAsync(params string[] alerts) => QuietAsync(alerts, AllAliveAsync);

    private Task QuietAsync(string[] alerts, Func<Task> meanwhile)
    {
        IReadOnlyList<string> firing = [];
        return Wait.UntilAsync(
            async () =>
            {
                await meanwhile();
                firing = await prometheus.FiringAsync();
                return alerts.Length == 0 ? firing.Count == 0 : !firing.Intersect(alerts, StringComparer.Ordinal).Any();
            },
            () => string.Join(", ", firing),
            what: "nothing fires"
        );
    }

    private Task FiresAsync(string alert, string label, string value) =>
        Wait.UntilAsync(() => prometheus.IsFiringAsync(alert, label, value), what: alert);

    private async Task<SweepId> SubmitAsync(SweepSubmission submission) =>
        (await remote.SubmitAsync(submission, "sweep", CancellationToken.None)).Status.Id;

    private async Task<SiloRecord> CoordinatorAsync(SweepId sweep)
    {
        SiloRecord? coordinator = null;
        await Wait.UntilAsync(async () =>
        {
            var instances = await CoordinatorsAsync(sweep);
            coordinator = instances.Count == 1 ? parts.Record.Silos.Single(s => Instance(s) == instances[0]) : null;
            return coordinator is not null;
        });
        return coordinator!;
    }

    private Task<IReadOnlyList<string>> CoordinatorsAsync(SweepId sweep) =>
        prometheus.InstancesAsync($"layerbench_sweep_progress_ratio{{sweep=\"{sweep.Value}\"}}");

    /// <summary>A silo that stood still for so long, on a busy machine, that the other gave it up, has ended itself.</summary>
    private async Task AllAliveAsync()
    {
        foreach (var silo in parts.Record.Silos.Where(s => !s.Process!.IsAlive))
        {
            parts.StartSilo(silo.Name);
            await parts.SiloReadyAsync(silo.Name, TimeSpan.FromSeconds(90));
        }
    }

    private int Untold(SiloRecord silo) =>
        File.ReadLines(parts.Folder.LogOf(silo.Name))
            .Count(l => l.Contains("could not be told of", StringComparison.Ordinal));

    private static string Instance(SiloRecord silo) => $"127.0.0.1:{silo.Ports.Http}";
}
