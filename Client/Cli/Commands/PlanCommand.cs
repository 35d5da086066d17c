using System.CommandLine;
using Layerbench.Cli.Planning;
using Layerbench.Cli.Sweeping;
using Layerbench.Cli.Views;
using Layerbench.Core.Sweeps;
using Layerbench.SweepFiles;

namespace Layerbench.Cli.Commands;

/// <summary>Says what a sweep will do before anything runs.</summary>
internal static class PlanCommand
{
    private const int DefaultCells = 20;

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A sweep file." };
        var set = SharedOptions.Set();
        var backend = SharedOptions.Backend();
        var devices = SharedOptions.Devices();
        var python = SharedOptions.Python();
        var budget = SharedOptions.Budget("What `run --budget` would be given, e.g. 30m: what it reaches.");
        var cells = new Option<int>("--cells")
        {
            Description = "Cells to list.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultCells,
        };
        var command = new DocumentedCommand(
            "plan",
            "Say what would run: cells, FLOPs, bytes, memory, time, and what is skipped and why.",
            "layerbench plan sweep.yaml",
            "layerbench plan sweep.yaml --set axes.batch=8,16 --cells 100"
        )
        {
            file,
            set,
            backend,
            devices,
            python,
            budget,
            cells,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var request = new SweepRequest(
                    parsed.GetValue(set)!,
                    parsed.GetValue(backend),
                    parsed.GetValue(devices),
                    parsed.GetValue(budget)
                );
                var plugIns = PlugIns.OfFile(parsed.GetValue(file)!, request.OfTheSweep);
                var place = await Workplace.FindAsync(parsed.GetValue(python), plugIns, cancellation);
                var sweep = LoadedSweep.FromFile(
                    parsed.GetValue(file)!,
                    request,
                    place.Catalog.Variants,
                    plugIns.Setting
                );
                var on = place.DevicesOf(sweep.Spec);
                var plan = SweepPlan.Create(sweep.Spec, place.Catalog.Variants);
                var summary = PlanSummary.Of(sweep.Spec, plan, on, Math.Max(0, parsed.GetValue(cells)), cancellation);
                terminal.Write(PlanView.Draw(sweep.Spec, summary, on));
                return ExitCode.Done;
            }
        );
        return command;
    }
}
