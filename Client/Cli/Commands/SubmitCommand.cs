using System.CommandLine;
using Layerbench.Cli.Remote;
using Layerbench.Core.Scheduling;

namespace Layerbench.Cli.Commands;

/// <summary>Hands a sweep to a cluster and does not wait for it.</summary>
internal static class SubmitCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var file = new Argument<string>("FILE") { Description = "A sweep file." };
        var set = SharedOptions.Set();
        var backend = SharedOptions.Backend();
        var name = new Option<string?>("--name")
        {
            Description = "In place of the file's own; another name is another sweep.",
            HelpName = "NAME",
        };
        var priority = new Option<int?>("--priority")
        {
            Description =
                "Sweeps of higher priority get devices first; -1000 to 1000. This and the next three go before the file's cluster section.",
            HelpName = "N",
        };
        var most = new Option<int?>("--max-devices")
        {
            Description = "Most devices that work for it at once.",
            HelpName = "N",
        };
        var on = new Option<string?>("--on")
        {
            Description = "Measure on such devices only, e.g. kind=cuda,model=H100,memory=40GiB.",
            HelpName = "DEVICES",
        };
        var failures = new Option<string?>("--stop-after")
        {
            Description = "Stop when so many cells have failed, e.g. 20 or 5%.",
            HelpName = "FAILURES",
        };
        var server = new ServerOptions();
        var command = new DocumentedCommand(
            "submit",
            "Hand a sweep to a cluster; prints its id.",
            "layerbench submit sweep.yaml --server http://127.0.0.1:8080",
            "layerbench submit sweep.yaml --on kind=cuda,model=H100 --max-devices 4 --stop-after 5%",
            "layerbench watch \"$(layerbench submit sweep.yaml)\"    # with LAYERBENCH_SERVER set"
        )
        {
            file,
            set,
            backend,
            name,
            priority,
            most,
            on,
            failures,
        };
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var submission = new SweepSubmission(
                    "",
                    Settings(parsed.GetValue(set)!, parsed.GetValue(backend)),
                    parsed.GetValue(name),
                    parsed.GetValue(priority),
                    parsed.GetValue(most),
                    parsed.GetValue(on) is { } devices ? DeviceSelector.Parse(devices) : null,
                    parsed.GetValue(failures) is { } budget ? FailureBudget.Parse(budget) : null
                );
                using var remote = server.Connect(parsed, time);
                var status = await Submitting.SubmitAsync(
                    remote,
                    parsed.GetValue(file)!,
                    submission,
                    terminal,
                    cancellation
                );
                await terminal.Output.WriteLineAsync(status.Id.Value);
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>What is part of the sweep.</summary>
    public static IReadOnlyList<string> Settings(IReadOnlyList<string> set, string? backend) =>
        backend is null ? set : [.. set, $"backend={backend}"];
}
