using System.CommandLine;
using Layerbench.Cli.Remote;

namespace Layerbench.Cli.Commands;

/// <summary>Shows a sweep of a cluster while it goes on, and its answer.</summary>
internal static class WatchCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var id = SharedOptions.SweepId();
        var json = new Option<bool>("--json") { Description = "Print events as JSON, one a line; no table." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Print errors and nothing else." };
        var server = new ServerOptions();
        var command = new DocumentedCommand(
            "watch",
            "Show a sweep of a cluster until it ends, as `run` shows one here; Ctrl-C leaves it running.",
            "layerbench watch quickstart-1f3a9c20 --server http://127.0.0.1:8080"
        )
        {
            id,
            json,
            quiet,
        };
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var remote = server.Connect(parsed, time);
                var found = await remote.FindAsync(parsed.GetValue(id)!, cancellation);
                using var interruption = new Interruption();
                return await new RemoteWatch(remote, terminal, server.Repeated(parsed)).ShowAsync(
                    found.Id,
                    parsed.GetValue(json),
                    parsed.GetValue(quiet),
                    interruption.Token
                );
            }
        );
        return command;
    }
}
