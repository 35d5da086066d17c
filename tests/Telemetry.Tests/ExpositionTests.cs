using System.Diagnostics.Metrics;
using System.Globalization;
using Layerbench.Telemetry.Exposition;

namespace Layerbench.Telemetry.Tests;

/// <summary>Both ways to serve metrics, over one set of instruments.</summary>
public sealed class ExpositionTests
{
    public static TheoryData<string> Both => new("text", "package");

    [Theory]
    [MemberData(nameof(Both))]
    public async Task InstrumentsBecomeFamiliesWithTheirTypeHelpLabelsAndValues(string which)
    {
        using var known = new KnownSet();
        await using var server = await Endpoint.StartAsync(Exposition(which), known.Name);
        known.Record();

        var families = await server.ScrapeAsync();

        families.Keys.Order(StringComparer.Ordinal).ShouldBe(KnownSet.Expected.Select(f => f.Name));
        foreach (var expected in KnownSet.Expected)
        {
            var family = families[expected.Name];
            family.Type.ShouldBe(expected.Type, expected.Name);
            family.Help.ShouldBe(expected.Help, expected.Name);
            family.Series.ShouldBe(expected.Series, ignoreOrder: true, expected.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task ASeriesThatIsNotObservedAnyMoreIsGone(string which)
    {
        using var meter = new Meter($"gone {which}");
        string[] sweeps = ["a", "b"];
        meter.CreateObservableGauge("cells", () => sweeps.Select(s => new Measurement<int>(1, [new("sweep", s)])));
        await using var server = await Endpoint.StartAsync(Exposition(which), meter.Name);
        (await server.ScrapeAsync())["cells"].Series.Keys.ShouldBe(["cells{sweep=\"a\"}", "cells{sweep=\"b\"}"]);

        sweeps = ["b"];

        (await server.ScrapeAsync())["cells"].Series.Keys.ShouldBe(["cells{sweep=\"b\"}"]);
    }

    [Fact]
    public async Task BothNameTheRuntimesMetricsAlike()
    {
        await using var text = await Endpoint.StartAsync(Exposition("text"), "System.Runtime");
        await using var package = await Endpoint.StartAsync(Exposition("package"), "System.Runtime");
        // What has not happened yet has no series: exceptions among them.
        Should.Throw<FormatException>(() => int.Parse("none", CultureInfo.InvariantCulture));

        var (ours, theirs) = (await text.ScrapeAsync(), await package.ScrapeAsync());

        ours.Select(f => (f.Key, f.Value.Type, f.Value.Help))
            .ShouldBe(theirs.Select(f => (f.Key, f.Value.Type, f.Value.Help)), ignoreOrder: true);
        ours.Keys.ShouldContain("dotnet_process_memory_working_set_bytes");
        ours["dotnet_process_cpu_time_seconds_total"]
            .Series.Keys.ShouldBe(theirs["dotnet_process_cpu_time_seconds_total"].Series.Keys, ignoreOrder: true);
    }

    private static IExposition Exposition(string which)
    {
        if (which == "text")
        {
            return new TextExposition();
        }

        var packaged = Expositions.OfPackage();
        Assert.SkipWhen(packaged is null, "this build is without PrometheusExporter: the package feed lacked it");
        return packaged!;
    }

    /// <summary>Every kind of instrument and unit that there is, with labels that need care.</summary>
    private sealed class KnownSet : IDisposable
    {
        private readonly Meter meter = new($"known {Guid.NewGuid()}");
        private readonly Counter<long> attempts;
        private readonly Counter<double> device;
        private readonly UpDownCounter<long> queue;
        private readonly Histogram<double> commit;
        private readonly Gauge<double> last;

        public KnownSet()
        {
            attempts = meter.CreateCounter<long>("layerbench.attempts", unit: null, "Slices begun.");
            device = meter.CreateCounter<double>("layerbench.device", "s", "Time.");
            queue = meter.CreateUpDownCounter<long>("layerbench.queue", "{slice}", "Waiting.");
            last = meter.CreateGauge<double>("layerbench.relative_time_ratio", "1", "Time over\nthe \\ baseline's.");
            commit = meter.CreateHistogram(
                "layerbench.commit.duration",
                "s",
                "A transaction.",
                tags: null,
                new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 1] }
            );
            meter.CreateObservableGauge("layerbench.sweep.progress_ratio", () => 0.5, "1", "Share.");
            meter.CreateObservableGauge("layerbench.gpu.clock", () => 1.98e9, "Hz", "Clock.");
            meter.CreateObservableGauge("layerbench.gpu.power", () => 412.3, "W", "Power.");
            meter.CreateObservableGauge("layerbench.gpu.memory.used", () => 12L, "By", "Memory.");
            meter.CreateObservableCounter("layerbench.gpu.throttle", () => 1.5, "s", "Slow.");
            meter.CreateObservableGauge("layerbench.build.info", () => 1, unit: null, "Build.");
        }

        public string Name => meter.Name;

        public static IReadOnlyList<Family> Expected { get; } =
        [
            new(
                "layerbench_attempts_total",
                "counter",
                "Slices begun.",
                One("layerbench_attempts_total{cause=\"first\",sweep=\"s-1\"}", 3)
            ),
            new("layerbench_build_info", "gauge", "Build.", One("layerbench_build_info", 1)),
            new(
                "layerbench_commit_duration_seconds",
                "histogram",
                "A transaction.",
                new Dictionary<string, double>
                {
                    ["layerbench_commit_duration_seconds_bucket{le=0.01}"] = 1,
                    ["layerbench_commit_duration_seconds_bucket{le=1}"] = 2,
                    ["layerbench_commit_duration_seconds_bucket{le=Infinity}"] = 3,
                    ["layerbench_commit_duration_seconds_sum"] = 8.505,
                    ["layerbench_commit_duration_seconds_count"] = 3,
                }
            ),
            new(
                "layerbench_device_seconds_total",
                "counter",
                "Time.",
                One("layerbench_device_seconds_total{device=\"cuda:0\",use=\"useful\"}", 2.25)
            ),
            new("layerbench_gpu_clock_hertz", "gauge", "Clock.", One("layerbench_gpu_clock_hertz", 1.98e9)),
            new("layerbench_gpu_memory_used_bytes", "gauge", "Memory.", One("layerbench_gpu_memory_used_bytes", 12)),
            new("layerbench_gpu_power_watts", "gauge", "Power.", One("layerbench_gpu_power_watts", 412.3)),
            new(
                "layerbench_gpu_throttle_seconds_total",
                "counter",
                "Slow.",
                One("layerbench_gpu_throttle_seconds_total", 1.5)
            ),
            new("layerbench_queue", "gauge", "Waiting.", One("layerbench_queue", -1)),
            new(
                "layerbench_relative_time_ratio",
                "gauge",
                "Time over\\nthe \\\\ baseline's.",
                One("layerbench_relative_time_ratio{variant=\"a\\\"b\\\\c\\nd\"}", double.PositiveInfinity)
            ),
            new("layerbench_sweep_progress_ratio", "gauge", "Share.", One("layerbench_sweep_progress_ratio", 0.5)),
        ];

        public void Record()
        {
            attempts.Add(3, new("sweep", "s-1"), new("cause", "first"));
            device.Add(2.25, new("device", "cuda:0"), new("use", "useful"));
            queue.Add(-1);
            last.Record(double.PositiveInfinity, new KeyValuePair<string, object?>("variant", "a\"b\\c\nd"));
            commit.Record(0.005);
            commit.Record(0.5);
            commit.Record(8);
        }

        public void Dispose() => meter.Dispose();

        private static Dictionary<string, double> One(string series, double value) => new() { [series] = value };
    }
}
