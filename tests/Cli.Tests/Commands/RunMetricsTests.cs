using System.Net;
using System.Net.Sockets;
using Layerbench.Tests.Shared;

namespace Layerbench.Cli.Tests.Commands;

/// <summary><c>run --metrics</c>.</summary>
public sealed class RunMetricsTests : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly CommandLine layerbench;

    public RunMetricsTests()
    {
        layerbench = new CommandLine(folder.Path);
        File.WriteAllText(Path.Combine(folder.Path, "sim.yaml"), SimulatedSweep.Yaml(cells: 5000));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ARunServesItsMetricsOnLoopbackWhileItLasts()
    {
        var (port, stop) = (FreePort(), TestContext.Current.CancellationToken);
        using var run = layerbench.Start("run", "sim.yaml", "--metrics", $"{port}", "--out", "out");
        using var client = new HttpClient();
        var text = "";
        try
        {
            while (!text.Contains("\nlayerbench_verdicts{", StringComparison.Ordinal))
            {
                run.HasExited.ShouldBeFalse();
                await Task.Delay(50, stop);
                text = await ScrapeAsync(client, $"http://127.0.0.1:{port}/metrics");
            }
        }
        finally
        {
            run.Kill(entireProcessTree: true);
            await run.WaitForExitAsync(stop);
        }

        var (output, error) = (
            await run.StandardOutput.ReadToEndAsync(stop),
            await run.StandardError.ReadToEndAsync(stop)
        );
        (output + error).ShouldContain($"metrics: http://127.0.0.1:{port}/metrics");
        var families = text.Split('\n')
            .Where(l => l.StartsWith("# TYPE layerbench_", StringComparison.Ordinal))
            .Select(l => l.Split(' ')[2])
            .ToList();
        families.ShouldBeSubsetOf(await DocumentedAsync());
        new[]
        {
            "layerbench_build_info",
            "layerbench_cells",
            "layerbench_attempts_total",
            "layerbench_cell_duration_seconds",
            "layerbench_commit_duration_seconds",
            "layerbench_cost_model_error_ratio",
            "layerbench_device_seconds_total",
            "layerbench_noise_ratio",
            "layerbench_relative_time_ratio",
            "layerbench_results_accepted_total",
            "layerbench_sweep_progress_ratio",
            "layerbench_workers_lost_total",
        }.ShouldBeSubsetOf(families);
        (await MonitoringTool.LintAsync(text)).ShouldBeEmpty();
    }

    [Fact]
    public async Task APortThatIsTakenOrNoneIsRefusedInWords()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var refused = await layerbench.RunAsync("run", "sim.yaml", "--metrics", $"{port}");
        var none = await layerbench.RunAsync("run", "sim.yaml", "--metrics", "70000");

        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldStartWith($"error: --metrics: port {port} of 127.0.0.1 cannot be used (");
        refused.Error.ShouldEndWith("); give another\n");
        none.ExitCode.ShouldBe(2);
        none.Error.ShouldContain("--metrics: '70000' is no port; give a number from 1 to 65535");
    }

    private static async Task<string> ScrapeAsync(HttpClient client, string address)
    {
        try
        {
            return await client.GetStringAsync(address, TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return ""; // it does not listen yet
        }
    }

    /// <summary>Of the table in docs/operations.md.</summary>
    private static async Task<IReadOnlyList<string>> DocumentedAsync() =>
        [
            .. (await File.ReadAllLinesAsync(Checkout.File("docs", "operations.md")))
                .Where(l => l.StartsWith("| `layerbench_", StringComparison.Ordinal))
                .SelectMany(l => l.Split('|')[1].Split(','))
                .Select(n => n.Trim(' ', '`')),
        ];

    private static int FreePort()
    {
        using var one = new TcpListener(IPAddress.Loopback, 0);
        one.Start();
        return ((IPEndPoint)one.LocalEndpoint).Port;
    }
}
