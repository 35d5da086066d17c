using System.Globalization;
using System.Text.Json.Nodes;
using Layerbench.Cli.Remote;
using Layerbench.Cluster.Tests.Gateway;
using Layerbench.Core;
using Layerbench.Core.Engines;
using Layerbench.Silo;

namespace Layerbench.Cluster.Tests.Tracing;

/// <summary>One trace from a submission to the launches, over gateway, silos and logs.</summary>
public sealed class TraceTests
{
    private const string Sweep = """
        name: traced
        variants:
          - {variant: sim.cost, label: base}
          - {variant: sim.cost, label: other, with: {cost_us: 87}}
        backend: simulated
        axes: {replicate: [1, 2, 3]}
        measure: {launches: 1, memory_launches: 0, blocks: 5}
        controls: {same: 0, slower: 0}
        """;

    [Fact]
    public async Task ASubmissionAndTheLaunchesOfItsSweepAreOneTraceWhoseIdIsInTheLogs()
    {
        var ports = TestCluster.FreePorts(5);
        var (http, grpc) = (ports[0], ports[1]);
        await using var collector = await OtlpReceiver.StartAsync(http, grpc);
        var to = new Dictionary<string, string>
        {
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["LAYERBENCH_PYTHON"] = "/nowhere/python",
            ["LAYERBENCH_TORCHSHARP"] = "none",
            ["Logging__Console__FormatterName"] = "json",
        };
        using var folder = new TemporaryFolder();
        var data = folder.Path;
        var settings = new SiloSettings
        {
            Node = "a",
            Devices = ["simulated:1"],
            ClusterId = "traced",
            SiloPort = ports[2],
            GatewayPort = ports[3],
            HttpPort = 0,
            Data = data,
            Times = TestCluster.Quick,
        };
        // The silo in the default protocol, gRPC, the gateway in the other one.
        using var silo = SiloProcess.Start(
            settings,
            new Dictionary<string, string>(to) { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Loopback(grpc) }
        );
        using var gateway = await RunningGateway.StartAsync(
            [
                $"--Layerbench:Data={data}",
                "--Layerbench:ClusterId=traced",
                $"--Layerbench:Silos:0=127.0.0.1:{settings.GatewayPort}",
                .. to.Where(t => t.Key.StartsWith("OTEL", StringComparison.Ordinal))
                    .Select(t => $"--{t.Key}={t.Value}"),
                $"--OTEL_EXPORTER_OTLP_ENDPOINT={Loopback(http)}",
                "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            ],
            ports[4]
        );

        using var remote = new RemoteServer(new Uri(gateway.Address), token: null, TimeProvider.System);
        var sweep = await SubmittedAsync(remote, () => silo.Output);
        (await remote.Events(sweep).FollowAsync(_ => { }, _ => { }, CancellationToken.None)).End.ShouldBe(
            RunEnd.Finished
        );
        await Wait.UntilAsync(
            () =>
                Task.FromResult(
                    collector is { Metrics: > 0, GrpcMetrics: > 0 }
                        && collector.Spans.Any(s => s.Name == "layerbench.slice")
                ),
            () => string.Join('\n', collector.Spans.Select(s => s.ToString()))
        );

        var slice = collector.Spans.First(s => s.Name == "layerbench.slice");
        var submitted = collector.Spans.Single(s => s.Name == "layerbench.submit" && s.Trace == slice.Trace);
        collector.Spans.ShouldContain(s => s.Name == "layerbench.launch" && s.Parent == slice.Id);
        // Devices ask for work all the time, and begin no trace by it: every one is a submission's.
        collector
            .Spans.Select(s => s.Trace)
            .Distinct()
            .ShouldBe(
                collector.Spans.Where(s => s.Name == "layerbench.submit").Select(s => s.Trace),
                ignoreOrder: true
            );
        silo.Output.Split('\n').ShouldContain(l => IsLogged(l, submitted.Trace));
    }

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    /// <summary>Tried until the silo has said what its workers can run.</summary>
    private static async Task<SweepId> SubmittedAsync(RemoteServer remote, Func<string> seen)
    {
        SweepId? sweep = null;
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    var (status, _) = await remote.SubmitAsync(
                        new SweepSubmission(Sweep, []),
                        "sweep",
                        CancellationToken.None
                    );
                    sweep = status.Id;
                    return true;
                }
                catch (BadInputException)
                {
                    return false;
                }
            },
            seen
        );
        return sweep!.Value;
    }

    /// <summary>A line of the log that is one JSON object with this trace's id.</summary>
    private static bool IsLogged(string line, string trace) =>
        line.StartsWith('{')
        && JsonNode.Parse(line)!["Scopes"] is JsonArray scopes
        && scopes.Any(s => s is JsonObject scope && scope["TraceId"]?.GetValue<string>() == trace);

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("layerbench-trace-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
