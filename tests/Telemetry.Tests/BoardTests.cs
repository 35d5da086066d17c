using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Statistics;
using Layerbench.Metrics;
using Layerbench.Metrics.Fleet;
using Layerbench.Metrics.Sweeps;
using Layerbench.Telemetry.Exposition;

namespace Layerbench.Telemetry.Tests;

/// <summary>What is shown of sweeps, devices and the fleet, as it is scraped.</summary>
public sealed class BoardTests
{
    private static readonly DateTimeOffset start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task ASweepIsShownFromItsFirstSliceUntilAWhileAfterItsEnd()
    {
        var time = new ManualTime(start);
        using var board = new SweepBoard(time);
        await using var server = await Endpoint.StartAsync(new TextExposition(), LayerbenchMeter.Name);
        var id = new SweepId($"s-{Guid.NewGuid():N}");
        var sweep = board.Open(id);
        sweep.Begin(new Dictionary<string, long> { ["completed"] = 2 }, start);

        sweep.Given(Granted("one", 1, 0, 1), start);
        sweep.Told(
            new LeaseToken("one"),
            new TellAnswer.Accepted([]),
            [new CellTold.Ended(0, new Outcome.Incorrect("off")), new CellTold.Crashed(1, "oom", "killed")],
            start
        );
        sweep.Told(new LeaseToken("one"), new TellAnswer.Repeated(), [new CellTold.HandedBack(0)], start);
        sweep.Told(new LeaseToken("old"), new TellAnswer.Stale(), [], start);
        sweep.Given(Granted("two", 2, 1), start);
        sweep.Lost(new LeaseToken("two"), EngineMetrics.HolderLost, start);
        sweep.Given(Granted("three", 1, 1), start);
        sweep.Stands(
            new SweepStand(
                new SweepProgress(10, 4, 3, 1, 1, false, false),
                TimeSpan.FromSeconds(90),
                TimeSpan.FromSeconds(200),
                false
            )
            {
                FailureBudgetUsed = 0.25,
            },
            start
        );
        sweep.Found(
            new SurveyFindings(
                new Dictionary<string, VerdictCounts> { ["conv"] = new(2, 0, 1, 0) },
                new Dictionary<string, NodeTrust>
                {
                    ["a"] = new(Proportion.Of(1, 20), Proportion.Of(0, 0), 0.02)
                    {
                        Blocks = 80,
                        SetAside = new SetAside(Preempted: 0, Pressure: 0, Gpu: 4),
                        Drift = new DriftSummary(3, 1.01, 1.1, 0.99, 0.8),
                    },
                    ["b"] = new(Proportion.Of(0, 0), Proportion.Of(0, 0), Noise: null),
                },
                new Dictionary<string, double> { ["conv"] = 0.8 },
                new Dictionary<string, double>()
            )
        );

        var s = $"sweep=\"{id}\"";
        (await SeriesOfAsync(server, id)).ShouldBe(
            new Dictionary<string, double>
            {
                [$"layerbench_cells{{state=\"waiting\",{s}}}"] = 5,
                [$"layerbench_cells{{state=\"running\",{s}}}"] = 1,
                [$"layerbench_cells{{state=\"ended\",{s}}}"] = 3,
                [$"layerbench_cells_finished_total{{outcome=\"completed\",{s}}}"] = 2,
                [$"layerbench_cells_finished_total{{outcome=\"incorrect\",{s}}}"] = 1,
                [$"layerbench_attempts_total{{cause=\"first\",{s}}}"] = 1,
                [$"layerbench_attempts_total{{cause=\"oom\",{s}}}"] = 1,
                [$"layerbench_attempts_total{{cause=\"worker_lost\",{s}}}"] = 1,
                [$"layerbench_results_accepted_total{{{s}}}"] = 0,
                [$"layerbench_results_rejected_total{{reason=\"duplicate\",{s}}}"] = 1,
                [$"layerbench_results_rejected_total{{reason=\"stale_lease\",{s}}}"] = 1,
                [$"layerbench_sweep_progress_ratio{{{s}}}"] = 0.4,
                [$"layerbench_sweep_eta_seconds{{{s}}}"] = 90,
                [$"layerbench_sweep_makespan_lower_bound_seconds{{{s}}}"] = 200,
                [$"layerbench_verdicts{{{s},variant=\"conv\",verdict=\"faster\"}}"] = 2,
                [$"layerbench_verdicts{{{s},variant=\"conv\",verdict=\"equivalent\"}}"] = 1,
                [$"layerbench_control_false_positive_ratio{{node=\"a\",{s}}}"] = 0.05,
                [$"layerbench_noise_ratio{{node=\"a\",{s}}}"] = 0.02,
                [$"layerbench_canary_drift_ratio{{node=\"a\",{s}}}"] = 0.8,
                [$"layerbench_excluded_ratio{{node=\"a\",reason=\"preempted\",{s}}}"] = 0,
                [$"layerbench_excluded_ratio{{node=\"a\",reason=\"gpu_slowed\",{s}}}"] = 0.05,
                [$"layerbench_sweep_failure_budget_used_ratio{{{s}}}"] = 0.25,
                [$"layerbench_relative_time_ratio{{{s},variant=\"conv\"}}"] = 0.8,
            },
            ignoreOrder: true
        );

        sweep.Stands(
            new SweepStand(new SweepProgress(10, 10, 9, 1, 0, false, false), TimeSpan.Zero, null, true),
            start
        );
        time.Now = start + board.Keep - TimeSpan.FromSeconds(1);
        (await SeriesOfAsync(server, id)).Keys.ShouldContain($"layerbench_sweep_eta_seconds{{{s}}}");
        time.Now = start + board.Keep;
        (await SeriesOfAsync(server, id)).Keys.ShouldAllBe(k => k.StartsWith("layerbench_results_"));

        // Its failed cells are run again, by the same activation.
        sweep.Begin(new Dictionary<string, long> { ["completed"] = 2 }, time.Now);
        sweep.Stands(
            new SweepStand(new SweepProgress(10, 9, 8, 1, 1, false, false), TimeSpan.FromSeconds(3), null, false),
            time.Now
        );
        time.Now += board.Keep;
        (await SeriesOfAsync(server, id))[$"layerbench_sweep_eta_seconds{{{s}}}"].ShouldBe(3);
    }

    [Fact]
    public async Task ASweepThatIsCoordinatedElsewhereIsNotShown()
    {
        using var board = new SweepBoard(TimeProvider.System);
        await using var server = await Endpoint.StartAsync(new TextExposition(), LayerbenchMeter.Name);
        var id = new SweepId($"s-{Guid.NewGuid():N}");
        var sweep = board.Open(id);
        sweep.Begin(new Dictionary<string, long> { ["completed"] = 2 }, start);
        (await SeriesOfAsync(server, id)).Count.ShouldBe(1);

        board.Close(sweep);

        (await SeriesOfAsync(server, id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task TimeAtWorkIsUsefulUntilItIsKnownToBeWastedAndNeverFalls()
    {
        var time = new ManualTime(start);
        using var board = new DeviceBoard(time);
        await using var server = await Endpoint.StartAsync(new TextExposition(), LayerbenchMeter.Name);
        var node = $"n-{Guid.NewGuid():N}";
        var clock = board.Of(new DeviceId($"{node}/cpu"));
        async Task<(double? Useful, double? Wasted)> UseAsync()
        {
            var series = (await server.ScrapeAsync())["layerbench_device_seconds_total"].Series;
            return (Of("useful"), Of("wasted"));
            double? Of(string use) =>
                series.TryGetValue(
                    $"layerbench_device_seconds_total{{device=\"cpu\",node=\"{node}\",use=\"{use}\"}}",
                    out var seconds
                )
                    ? seconds
                    : null;
        }

        clock.Wait(IdleReason.NotOffered);
        time.Now += TimeSpan.FromSeconds(3);
        clock.Work();
        time.Now += TimeSpan.FromSeconds(10);
        (await UseAsync()).ShouldBe((10, null));
        clock.Waste(TimeSpan.FromSeconds(4));
        clock.Rest(taken: true);
        (await UseAsync()).ShouldBe((10, 4)); // 6 were: the 4 shown too early are made up for first
        clock.Work();
        time.Now += TimeSpan.FromSeconds(5);
        (await UseAsync()).ShouldBe((11, 4));
        clock.Rest(taken: false);
        (await UseAsync()).ShouldBe((11, 9));
        time.Now += TimeSpan.FromSeconds(1);
        clock.Stop();
        time.Now += TimeSpan.FromSeconds(100);

        var idle = (await server.ScrapeAsync())["layerbench_device_idle_seconds_total"].Series;
        idle.Where(i => i.Key.Contains(node, StringComparison.Ordinal))
            .ShouldBe(
                new Dictionary<string, double>
                {
                    [$"layerbench_device_idle_seconds_total{{device=\"cpu\",node=\"{node}\",reason=\"not_offered\"}}"] =
                        3,
                    [$"layerbench_device_idle_seconds_total{{device=\"cpu\",node=\"{node}\",reason=\"dispatch\"}}"] = 1,
                },
                ignoreOrder: true
            );
    }

    /// <summary>Series with the sweep's name.</summary>
    private static async Task<IReadOnlyDictionary<string, double>> SeriesOfAsync(Endpoint server, SweepId sweep) =>
        (await server.ScrapeAsync())
            .Values.SelectMany(f => f.Series)
            .Where(s => s.Key.Contains(sweep.Value, StringComparison.Ordinal))
            .ToDictionary();

    private static LeaseAnswer.Granted Granted(string token, int attempt, params long[] cells) =>
        new(
            new Slice(
                new LeaseToken(token),
                new DeviceId("a/cpu"),
                attempt,
                [.. cells.Select(i => new Cell(i, new CellId($"c{i}"), new Point([], []), [], ""))],
                start
            ),
            []
        );

    private sealed class ManualTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
