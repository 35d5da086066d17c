using System.Text.RegularExpressions;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Monitoring;

/// <summary>The table of metrics in docs/operations.md, and what dashboards and rules ask for.</summary>
public partial class MetricNameTests
{
    /// <summary>Not ours: Prometheus' own, the .NET runtime's, NVIDIA's exporter's.</summary>
    private static readonly string[] others =
    [
        "up",
        "dotnet_process_memory_working_set_bytes",
        "dotnet_process_cpu_time_seconds_total",
        "dotnet_gc_pause_time_seconds_total",
        "dotnet_thread_pool_queue_length_total", // a length, which .NET 10 publishes as a counter
        "DCGM_FI_DEV_GPU_UTIL",
    ];

    [Fact]
    public async Task EveryExpressionParses()
    {
        var named = await MonitoringFiles.NamedMetricsAsync(MonitoringFiles.Expressions());

        named.Count.ShouldBeGreaterThan(60);
    }

    [Theory]
    [InlineData("sum by (le (rate(layerbench_x[5m]))")]
    [InlineData("layerbench_x{sweep=~}")]
    public async Task AnExpressionThatDoesNotParseIsFound(string wrong)
    {
        var said = await NpmChecks.RunAsync("promql.mjs", new[] { new { where = "here", expr = wrong } });

        said.ExitCode.ShouldBe(1);
        said.Error.ShouldStartWith("here: does not parse at character ");
    }

    [Fact]
    public async Task WhatIsAskedForIsInTheTableOfMetrics()
    {
        var documented = Documented();
        var recorded = MonitoringFiles.AllRules().Select(r => r.Text("record")).OfType<string>();
        HashSet<string> known = [.. documented.SelectMany(m => m.Series), .. recorded, .. others];

        var named = await MonitoringFiles.NamedMetricsAsync(MonitoringFiles.Expressions());

        named.Where(n => !known.Contains(n.Metric)).ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryMetricOfTheTableIsOnADashboard()
    {
        var rules = MonitoringFiles.AllRules().Where(r => r.Text("record") is not null).ToList();
        var expressions = MonitoringFiles.Expressions();
        var panels = expressions.Where(e => e.Where.Contains(".json", StringComparison.Ordinal)).ToList();
        var shown = (await MonitoringFiles.NamedMetricsAsync(panels))
            .Select(n => n.Metric)
            .ToHashSet(StringComparer.Ordinal);
        var behind = await MonitoringFiles.NamedMetricsAsync(
            rules
                .Where(r => shown.Contains(r.Text("record")!))
                .Select(r => new Expression(r.Text("record")!, r.Text("expr")!))
        );
        shown.UnionWith(behind.Select(n => n.Metric));

        Documented().Where(m => !m.Series.Any(shown.Contains)).Select(m => m.Name).ShouldBeEmpty();
    }

    [Fact]
    public void NamesHaveThePrefixAndTheEndingOfTheirKind()
    {
        var metrics = Documented();

        metrics.Count.ShouldBe(37);
        metrics.ShouldAllBe(m => m.Name.StartsWith("layerbench_", StringComparison.Ordinal));
        metrics
            .Where(m => m.Kind == "counter" != m.Name.EndsWith("_total", StringComparison.Ordinal))
            .Select(m => m.Name)
            .ShouldBeEmpty();
    }

    /// <summary>The rows of the table: <c>| `layerbench_cells` | gauge | … |</c>, several names to a row.</summary>
    private static IReadOnlyList<Metric> Documented() =>
        [
            .. from line in File.ReadLines(Repository.At("docs", "operations.md"))
            let row = Row().Match(line)
            where row.Success
            from Match name in Name().Matches(row.Groups["names"].Value)
            select new Metric(name.Groups["name"].Value, row.Groups["kind"].Value),
        ];

    [GeneratedRegex(
        @"^\| (?<names>`layerbench_[^|]*) \| (?<kind>gauge|counter|histogram) \|",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[a-z_0-9]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    private sealed record Metric(string Name, string Kind)
    {
        public IEnumerable<string> Series =>
            Kind == "histogram" ? [$"{Name}_bucket", $"{Name}_sum", $"{Name}_count"] : [Name];
    }
}
