using System.CommandLine;
using Layerbench.Cli.Remote;
using Layerbench.Cli.Views;

namespace Layerbench.Cli.Commands;

/// <summary>A cluster's nodes: seeing them, and taking one out.</summary>
internal static class NodeCommands
{
    public static Command Nodes(Terminal terminal, TimeProvider time)
    {
        var server = new ServerOptions();
        var command = new DocumentedCommand(
            "nodes",
            "List a cluster's nodes with their devices and what those work for, and each user's share of them.",
            "layerbench nodes --server http://127.0.0.1:8080"
        );
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var remote = server.Connect(parsed, time);
                var nodes = await remote.NodesAsync(cancellation);
                if (nodes.Count == 0)
                {
                    await terminal.Output.WriteLineAsync($"no nodes in the cluster of {remote.Address}");
                }
                else
                {
                    terminal.Write(NodesView.Draw(nodes, await remote.UsersAsync(cancellation)));
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    public static Command Drain(Terminal terminal, TimeProvider time)
    {
        var node = new Argument<string>("NODE") { Description = "A node's name, as `nodes` lists it." };
        var undo = new Option<bool>("--undo") { Description = "Let its devices work again." };
        var server = new ServerOptions();
        var command = new DocumentedCommand(
            "drain",
            "Give a node's devices no more work; what they have they finish.",
            "layerbench drain gpu-7",
            "layerbench drain gpu-7 --undo"
        )
        {
            node,
            undo,
        };
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var remote = server.Connect(parsed, time);
                var name = parsed.GetValue(node)!;
                var drain = !parsed.GetValue(undo);
                await remote.DrainAsync(name, drain, cancellation);
                await terminal.Output.WriteLineAsync(drain ? $"{name}: gets no more work" : $"{name}: works again");
                return ExitCode.Done;
            }
        );
        return command;
    }
}
