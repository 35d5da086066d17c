using System.CommandLine;
using Layerbench.Cli.Remote;
using Layerbench.Cli.Views;

namespace Layerbench.Cli.Commands;

/// <summary>What a user can do to a sweep of a cluster, a command each: <c>pause</c>, <c>resume</c>, <c>cancel</c>, <c>rerun</c>.</summary>
internal static class SweepCommands
{
    public static IEnumerable<Command> Create(Terminal terminal, TimeProvider time) =>
        Enum.GetValues<SweepCommand>().Select(command => Create(command, terminal, time));

    private static DocumentedCommand Create(SweepCommand what, Terminal terminal, TimeProvider time)
    {
        var name = what.ToString().ToLowerInvariant();
        var id = SharedOptions.SweepId();
        var server = new ServerOptions();
        var command = new DocumentedCommand(name, DescriptionOf(what), $"layerbench {name} quickstart-1f3a9c20") { id };
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var remote = server.Connect(parsed, time);
                var found = await remote.FindAsync(parsed.GetValue(id)!, cancellation);
                var status = await remote.CommandAsync(found.Id, what, cancellation);
                await terminal.Output.WriteLineAsync($"{status.Id}: {StatusView.Line(status)}");
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static string DescriptionOf(SweepCommand what) =>
        what switch
        {
            SweepCommand.Pause => "Give a sweep of a cluster no more devices until it is resumed.",
            SweepCommand.Resume => "Go on with a paused sweep of a cluster.",
            SweepCommand.Cancel =>
                "End a sweep of a cluster after its launches in flight; submitting it again goes on.",
            SweepCommand.Rerun => "Run cells of a sweep of a cluster again that were incorrect, failed or poisoned.",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
