using System.Text.Json;
using Layerbench.Deploy.Tests.Tools;

namespace Layerbench.Deploy.Tests.Monitoring;

/// <summary>DCGM's figures beside a fleet's devices, by Prometheus' own promtool.</summary>
public class UtilisationTests
{
    [Fact]
    public async Task AGpuIsFoundByItsUuidWhateverItsMachineIsCalled()
    {
        var expression = MonitoringFiles
            .AllPanels()
            .Single(p => p.Panel.Text("title") == "Utilisation (DCGM)")
            .Panel.Text("targets.0.expr")!;
        using var scratch = new ScratchFolder();
        var file = scratch.Write(
            "utilisation.yaml",
            JsonSerializer.Serialize(
                new
                {
                    tests = new[]
                    {
                        new
                        {
                            interval = "15s",
                            input_series = new[]
                            {
                                Series(
                                    "DCGM_FI_DEV_GPU_UTIL{Hostname='host-1',UUID='GPU-a',device='nvidia0',gpu='0'}",
                                    97
                                ),
                                Series(
                                    "DCGM_FI_DEV_GPU_UTIL{Hostname='host-2',UUID='GPU-b',device='nvidia0',gpu='0'}",
                                    3
                                ),
                                // Of another fleet.
                                Series(
                                    "DCGM_FI_DEV_GPU_UTIL{Hostname='host-1',UUID='GPU-c',device='nvidia1',gpu='1'}",
                                    50
                                ),
                                Series("layerbench_gpu_info{node='trial-silo-0',device='cuda:0',uuid='GPU-a'}", 1),
                                // A silo that was started again under another name, for as long as both are known.
                                Series("layerbench_gpu_info{node='trial-silo-1',device='cuda:0',uuid='GPU-b'}", 1),
                                Series("layerbench_gpu_info{node='trial-silo-1',device='cuda:1',uuid='GPU-b'}", 1),
                            },
                            promql_expr_test = new[]
                            {
                                new
                                {
                                    expr = Of(expression, node: "trial-silo-0"),
                                    eval_time = "1m",
                                    exp_samples = new[]
                                    {
                                        new { labels = "{node='trial-silo-0',device='cuda:0'}", value = 97 },
                                    },
                                },
                                new
                                {
                                    expr = $"sum by (node) ({Of(expression, node: ".*")})",
                                    eval_time = "1m",
                                    exp_samples = new[]
                                    {
                                        new { labels = "{node='trial-silo-0'}", value = 97 },
                                        new { labels = "{node='trial-silo-1'}", value = 3 },
                                    },
                                },
                            },
                        },
                    },
                }
            )
        );

        (
            await Tool.RunAsync(Tool.Need("promtool", "apt-get install prometheus, or ./test"), ["test", "rules", file])
        ).ShouldSucceed();
    }

    private static string Of(string expression, string node) =>
        expression.Replace("$node", node, StringComparison.Ordinal).Replace("$device", ".*", StringComparison.Ordinal);

    private static object Series(string series, int value) => new { series, values = $"{value}x10" };
}
