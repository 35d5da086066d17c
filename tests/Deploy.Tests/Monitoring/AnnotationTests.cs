using System.Text.Json;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Monitoring;

/// <summary>The marks on every panel, by Prometheus' own promtool: when something happens, and not a while after.</summary>
public class AnnotationTests
{
    /// <summary>A sample every 15 s; what happens does so after ten minutes.</summary>
    private static readonly object[] history =
    [
        Series("layerbench_devices{node='n',kind='cuda',state='lost'}", "0x39 2x40"),
        // Killed, and started again after five minutes; started again at once; never touched; of another's.
        Series("up{job='layerbench-silo',instance='killed'}", "1x39 0x19 1x20"),
        Series("dotnet_process_cpu_time_seconds_total{job='layerbench-silo',instance='killed'}", "0+1x39 _x20 0+1x20"),
        Series("up{job='layerbench-silo',instance='quick'}", "1x80"),
        Series("dotnet_process_cpu_time_seconds_total{job='layerbench-silo',instance='quick'}", "0+1x39 0+1x40"),
        Series("up{job='layerbench-gateway',instance='steady'}", "1x80"),
        Series("dotnet_process_cpu_time_seconds_total{job='layerbench-gateway',instance='steady'}", "0+1x80"),
        Series("up{job='other',instance='x'}", "1x39 0x40"),
        Series("layerbench_workers_lost_total{cause='oom'}", "0x39 1x40"),
        Series("layerbench_workers_lost_total{cause='timeout'}", "7x80"),
        Series("layerbench_build_info{version='1',commit='a'}", "1x80"),
        Series("layerbench_build_info{version='2',commit='b'}", "_x40 1x40"),
    ];

    private static readonly Dictionary<string, Moment[]> seen = new()
    {
        ["Lost"] =
        [
            At("9m"),
            At("10m30s", "{node='n'}", "{job='layerbench-silo',instance='killed'}"),
            At("13m"),
            At("16m"),
        ],
        ["Started"] =
        [
            At("1m", Of("killed"), Of("quick"), "{job='layerbench-gateway',instance='steady'}"),
            At("9m"),
            At("10m30s", Of("quick")),
            At("13m"),
            At("15m30s", Of("killed")),
            At("18m"),
        ],
        ["Workers lost"] = [At("9m"), At("10m30s", "{cause='oom'}"), At("13m")],
        ["Deploys"] = [At("9m"), At("10m30s", "{version='2',commit='b'}"), At("13m")],
    };

    [Fact]
    public async Task KillsAndDeploysAreMarkedWhenTheyHappenAndOnEveryDashboard()
    {
        var marks = MonitoringFiles
            .AllDashboards()
            .Select(d => d.Content.List("annotations.list").ToDictionary(a => a.Text("name")!, a => a.Text("expr")!))
            .ToList();
        marks.ShouldAllBe(m => m.OrderBy(a => a.Key).SequenceEqual(marks[0].OrderBy(a => a.Key)));
        marks[0].Keys.ShouldBe(seen.Keys, ignoreOrder: true);
        using var scratch = new ScratchFolder();
        var file = Path.Combine(scratch.Path, "marks.yaml");
        await File.WriteAllTextAsync(
            file,
            JsonSerializer.Serialize(
                new
                {
                    tests = marks[0]
                        .Select(m => new
                        {
                            name = m.Key,
                            interval = "15s",
                            input_series = history,
                            promql_expr_test = seen[m.Key]
                                .Select(at => new
                                {
                                    expr = $"group by (node, job, instance, cause, version, commit) ({m.Value})",
                                    eval_time = at.Time,
                                    exp_samples = at.Marks.Select(l => new { labels = l, value = 1 }),
                                }),
                        }),
                }
            ),
            TestContext.Current.CancellationToken
        );

        (
            await Tool.RunAsync(Tool.Need("promtool", "apt-get install prometheus, or ./test"), ["test", "rules", file])
        ).ShouldSucceed();
    }

    private static object Series(string series, string values) => new { series, values };

    private static string Of(string silo) => $"{{job='layerbench-silo',instance='{silo}'}}";

    private static Moment At(string time, params string[] marks) => new(time, marks);

    private sealed record Moment(string Time, IReadOnlyList<string> Marks);
}
