using System.Diagnostics;
using System.Globalization;
using Layerbench.LocalCluster.Postgres;
using Layerbench.LocalCluster.Processes;
using Layerbench.LocalCluster.Records;
using Layerbench.Tests.Shared;
using Npgsql;

namespace Layerbench.Cluster.Tests.LocalClusters;

/// <summary>The command itself, from nothing to nothing.</summary>
public sealed class ClusterCommandTests
{
    private static readonly string program = Path.GetFullPath(
        Path.Combine(
            AppContext.BaseDirectory,
            "..",
            "..",
            "Layerbench.Cli",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            "layerbench.dll"
        )
    );

    [Fact]
    public async Task AClusterGoesUpRunsASweepThroughTheLossOfASiloIsRepairedAndGoesDown()
    {
        Assert.SkipWhen(
            PostgresPrograms.Find() is null,
            $"PostgreSQL's programs are not here; {PostgresPrograms.Repair}"
        );
        // Too long for a socket in it, so that PostgreSQL's is elsewhere.
        var dir = Path.Combine(Path.GetTempPath(), $"layerbench-up-{Guid.NewGuid():N}-{new string('x', 40)}");
        var own = new PostgresFolder(Path.Combine(dir, "postgres"), PostgresPrograms.Require());
        var socket = new NpgsqlConnectionStringBuilder(own.ConnectionString).Host!;
        socket.ShouldNotStartWith(dir);
        var ports = TestCluster.FreePorts(2);
        var port = ports[0].ToString(CultureInfo.InvariantCulture);
        var prometheus = MonitoringTool.Find("prometheus");
        var prometheusPort = ports[1].ToString(CultureInfo.InvariantCulture);
        var server = $"http://127.0.0.1:{port}";
        var sweep = Path.GetTempFileName();
        await File.WriteAllTextAsync(sweep, "simulated: 600");
        try
        {
            string[] up =
            [
                .. (string[])["cluster", "up", "--silos", "2", "--simulated", "2", "--port", port, "--dir", dir],
                .. prometheus is null ? (string[])[] : ["--prometheus-port", prometheusPort],
            ];
            var said = await RunAsync(0, up);
            said.ShouldContain($"the cluster is up: 2 silos, gateway {server}");
            if (prometheus is not null)
            {
                said.ShouldContain($", Prometheus http://127.0.0.1:{prometheusPort}");
                (await RunAsync(0, "cluster", "status", "--dir", dir)).ShouldContain("prometheus  ready");
            }

            var record = new ClusterFolder(dir).Read()!;

            var submitted = await RunAsync(0, "submit", sweep, "--server", server);
            var id = submitted
                .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
                .First(w => w.StartsWith("simulated-", StringComparison.Ordinal));
            record["node-2"].Process!.Send(ProcessSignal.Kill).ShouldBeTrue();
            await RunAsync(0, "watch", id, "--server", server);

            if (prometheus is not null)
            {
                var query = $"http://127.0.0.1:{prometheusPort}/api/v1/query?query=layerbench_sweep_progress_ratio";
                using var client = new HttpClient();
                await Wait.UntilAsync(async () => (await client.GetStringAsync(query)).Contains($"\"sweep\":\"{id}\""));
            }

            (await RunAsync(3, "cluster", "status", "--dir", dir)).ShouldContain(
                $"down: node-2; 'layerbench cluster up --dir {dir}' starts what is missing"
            );
            await RunAsync(0, "cluster", "up", "--dir", dir);
            (await RunAsync(0, "cluster", "status", "--dir", dir)).ShouldNotContain("down:");
            new ClusterFolder(dir).Read()!["node-1"].Process.ShouldBe(record["node-1"].Process);

            await RunAsync(0, "cluster", "down", "--wipe", "--dir", dir);
            Directory.Exists(dir).ShouldBeFalse();
            Directory.Exists(socket).ShouldBeFalse();
            record.Silos.ShouldAllBe(s => !s.Process!.IsAlive);
            record.Gateway!.IsAlive.ShouldBeFalse();
            (record.Prometheus?.IsAlive ?? false).ShouldBeFalse();
        }
        finally
        {
            File.Delete(sweep);
            if (Directory.Exists(dir))
            {
                await RunAsync(null, "cluster", "down", "--wipe", "--dir", dir);
            }
        }
    }

    /// <returns>Its standard output.</returns>
    private static async Task<string> RunAsync(int? code, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Its silos inherit it: looking for workers takes long, and simulated devices need none.
        (start.Environment["LAYERBENCH_PYTHON"], start.Environment["LAYERBENCH_TORCHSHARP"]) = (
            "/nowhere/python",
            "none"
        );
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // as of SiloProcess
        // ./test may have taken Prometheus out of its package.
        start.Environment["PATH"] += $":{Path.GetDirectoryName(MonitoringTool.Find("prometheus"))}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (code is not null)
        {
            process.ExitCode.ShouldBe(code.Value, $"{string.Join(' ', arguments)}\n{await output}\n{await error}");
        }

        return await output;
    }
}
