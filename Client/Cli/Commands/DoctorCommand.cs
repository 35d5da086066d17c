using System.CommandLine;
using Layerbench.Cli.Doctor;
using Layerbench.Cli.Views;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;
using Layerbench.Report.Page;

namespace Layerbench.Cli.Commands;

/// <summary>Says what this machine and this build have, what is missing, and the line that fixes it.</summary>
internal static class DoctorCommand
{
    private const string AllocatorFix = "apt-get install --no-install-recommends libtcmalloc-minimal4";

    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var python = SharedOptions.Python();
        var command = new DocumentedCommand(
            "doctor",
            "Say what this machine and this build have, what is missing, and the line that fixes it.",
            "layerbench doctor",
            "layerbench doctor --python ~/venv/bin/python",
            "layerbench doctor --json"
        )
        {
            json,
            python,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var report = await ExamineAsync(parsed.GetValue(python), time, cancellation);
                if (parsed.GetValue(json))
                {
                    await terminal.Output.WriteLineAsync(DoctorView.Json(report));
                }
                else
                {
                    terminal.Write(DoctorView.Draw(report));
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task<DoctorReport> ExamineAsync(
        string? python,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var catalog = await WorkerCatalog.DiscoverAsync(WorkerSearch.Default with { Python = python }, cancellation);
        var devices = DeviceDiscovery.OfThisMachine().Find();
        var allocator = Allocator.Find();
        var simulated = new SimulatedWorkerFactory(catalog.Find(SimulatedBackend.Name)!.Info!, new VirtualClock());
        var workers = new WorkerFactory(catalog, allocator, simulated, time);
        var machine = new MachineFindings();
        var assembly = typeof(DoctorCommand).Assembly;
        return new DoctorReport(
            Edition.Version(assembly),
            Edition.Name(assembly),
            [.. Edition.Features(Edition.Missing(assembly)), Edition.Charts(PageAssets.OfBuild.Missing)],
            await new BackendFindings(catalog, workers, devices[0], Edition.Missing(assembly), time).FindAsync(
                cancellation
            ),
            [.. devices.Select(d => new Finding(d.Id.Value, Health.Good, DevicesView.Line(d)))],
            [Allocation(allocator), machine.Governor(), machine.Pressure(), MachineFindings.Disk(".")]
        );
    }

    private static Finding Allocation(Allocator allocator) =>
        allocator == Allocator.Glibc
            ? new("allocator", Health.Worse, "glibc's: it can distort CPU times about threefold", AllocatorFix)
            : new("allocator", Health.Good, $"{allocator.Name} is preloaded into workers");
}
