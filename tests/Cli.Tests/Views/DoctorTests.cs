using Layerbench.Cli.Doctor;
using Layerbench.Cli.Views;

namespace Layerbench.Cli.Tests.Views;

public class DoctorTests
{
    [Fact]
    public void TheReportNamesWhatIsMissingAndTheLineThatFixesIt()
    {
        var report = new DoctorReport(
            "0.1.0",
            "reduced",
            Edition.Features("Orleans"),
            [new Finding("pytorch", Health.Missing, "no Python with torch", "apt-get install python3-torch")],
            [new Finding("cpu", Health.Good, "AMD EPYC 9B14, CPUs 0-3, 8.00 GiB")],
            [new Finding("governor", Health.Worse, "[powersave]")]
        );

        Terminal
            .Text(DoctorView.Draw(report), Terminal.Unfolded, colour: false)
            .ShouldBe(
                """
                layerbench 0.1.0, reduced edition

                features
                  ✓ TorchSharp          in this edition: the torchsharp backend
                  ✗ Orleans             the package feed lacked it when this was built: one machine at a time
                                        fix: add a package source that has it and build again (docs/editions.md)
                  ✓ OrleansTls          in this edition: certificates between silos and gateways (docs/cluster.md)
                  ✓ PrometheusExporter  in this edition: /metrics through OpenTelemetry's exporter (docs/operations.md)

                backends
                  ✗ pytorch             no Python with torch
                                        fix: apt-get install python3-torch

                devices
                  ✓ cpu                 AMD EPYC 9B14, CPUs 0-3, 8.00 GiB

                machine
                  ! governor            [powersave]

                """
            );
    }

    [Fact]
    public void AnUnreadableKernelFileIsSaidNotGuessed()
    {
        using var folder = new ScratchFolder();
        var machine = new MachineFindings(folder.Path, folder.Path);

        machine.Pressure().Health.ShouldBe(Health.Worse);
        machine.Governor().Said.ShouldBe("not shown by this kernel (usual in a virtual machine)");
    }

    [Fact]
    public void APowerSavingGovernorComesWithTheLineThatChangesIt()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["devices/system/cpu/cpu0/cpufreq"]);
        folder.Write("devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
        Directory.CreateDirectory(folder["pressure"]);
        folder.Write("pressure/cpu", "some avg10=0.00\n");

        var machine = new MachineFindings(folder.Path, folder.Path);

        machine
            .Governor()
            .ShouldBe(
                new Finding(
                    "governor",
                    Health.Worse,
                    "powersave: the clock rate follows the load",
                    "sudo cpupower frequency-set -g performance"
                )
            );
        machine.Pressure().Health.ShouldBe(Health.Good);
    }
}
