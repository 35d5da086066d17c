using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Core.Protocol;
using Layerbench.Core.Results;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;

namespace Layerbench.Cli.Doctor;

/// <summary>Whether each backend really starts on this machine, and with which version.</summary>
/// <param name="lackingPackages">Package families that this build was made without, by name, separated by blanks.</param>
internal sealed class BackendFindings(
    WorkerCatalog catalog,
    IWorkerFactory workers,
    DeviceInfo device,
    string lackingPackages,
    TimeProvider time
)
{
    /// <summary>Loading a framework from a cold disk takes tens of seconds.</summary>
    private static readonly TimeSpan HelloDeadline = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellation)
    {
        List<Finding> findings = [];
        // One after the other: a framework that is loaded beside another takes longer than it would alone.
        foreach (var backend in catalog.Backends)
        {
            findings.Add(
                IsNotInThisBuild(backend)
                    ? new(
                        backend.Name,
                        Health.Missing,
                        "not in this build, whose package feed lacked TorchSharp; pytorch measures the same",
                        "see docs/editions.md; or leave it"
                    )
                : !backend.IsUsable ? new(backend.Name, Health.Missing, backend.Problem!, backend.Repair)
                : backend.Name == SimulatedBackend.Name
                    ? new(backend.Name, Health.Good, "built in; computes nothing, for trying sweeps out")
                : await StartAsync(backend, cancellation)
            );
        }

        return findings;
    }

    /// <summary>What is installed in its place only says so and exits.</summary>
    private bool IsNotInThisBuild(BackendStatus backend) =>
        backend.Name == "torchsharp"
        && !backend.IsUsable
        && lackingPackages.Split(' ').Contains("TorchSharp", StringComparer.Ordinal);

    private async Task<Finding> StartAsync(BackendStatus backend, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        try
        {
            await using var worker = await workers.StartAsync(
                new WorkerStart(backend.Name, device, LaunchKind.Time, Threads: 1, Seed: 1),
                cancellation
            );
            worker.Send(new Request.Hello(ProtocolVersion.Current, "cpu", Threads: 1, new Dictionary<string, bool>()));
            return await worker.ReceiveAsync(HelloDeadline, cancellation) switch
            {
                Reply.Hello { Protocol: ProtocolVersion.Current } hello => Started(
                    backend,
                    hello,
                    time.GetElapsedTime(began)
                ),
                Reply.Hello hello => Broken(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"speaks protocol {hello.Protocol}, this build {ProtocolVersion.Current}"
                    )
                ),
                var other => Broken($"answered hello with {other.GetType().Name}"),
            };
        }
        catch (WorkerLostException e)
        {
            var lastLine = e.StderrTail.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
            return Broken(lastLine is null ? e.Message : $"{e.Message}: {lastLine.Trim()}");
        }

        Finding Broken(string why) =>
            new(backend.Name, Health.Missing, $"does not start: {why}", $"run {backend.Command} by hand to see more");
    }

    private static Finding Started(BackendStatus backend, Reply.Hello hello, TimeSpan took)
    {
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"{hello.Version}, {backend.Info!.Variants.Count} variants, starts in {Units.Seconds(took.TotalSeconds)}; {backend.Command}"
        );
        var environment = new Dictionary<string, string>(hello.Environment, StringComparer.Ordinal)
        {
            [BlasKernels.VectorsEntry] = DeviceDiscovery.CpuVectors(new HostFiles()),
        };
        return BlasKernels.Problem(environment) is { } problem
            ? new(backend.Name, Health.Worse, $"{said}; {problem.Said}", $"export {problem.Variable}")
            : new(backend.Name, Health.Good, said);
    }
}
