using System.CommandLine;
using System.Text.Json;
using Layerbench.Cli.Remote;
using Layerbench.Cli.Views;
using Layerbench.Core.Protocol;

namespace Layerbench.Cli.Commands;

/// <summary>Says how far the sweeps of a cluster are.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var id = new Argument<string?>("ID")
        {
            Description = "A sweep: its id, enough of it, or its name; all of them if not given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json") { Description = "Print JSON as the server gives it." };
        var server = new ServerOptions();
        var command = new DocumentedCommand(
            "status",
            "Say how far the sweeps of a cluster are.",
            "layerbench status --server http://127.0.0.1:8080",
            "layerbench status quickstart-1f3a9c20"
        )
        {
            id,
            json,
        };
        server.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var remote = server.Connect(parsed, time);
                if (parsed.GetValue(id) is { } one)
                {
                    var found = await remote.FindAsync(one, cancellation);
                    var details = await remote.StatusAsync(found.Id, cancellation);
                    await WriteAsync(terminal, parsed.GetValue(json), details, StatusView.Lines);
                    if (!parsed.GetValue(json) && !details.Status.HasEnded)
                    {
                        await WriteNodesAsync(terminal, remote, cancellation);
                    }

                    return ExitCode.Done;
                }

                var sweeps = await remote.AllAsync(cancellation);
                if (parsed.GetValue(json))
                {
                    await WriteAsync(terminal, json: true, sweeps, _ => []);
                    return ExitCode.Done;
                }

                if (sweeps.Count == 0)
                {
                    await terminal.Output.WriteLineAsync($"no sweeps on {remote.Address}");
                }
                else
                {
                    terminal.Write(StatusView.Draw(sweeps));
                }

                await WriteNodesAsync(terminal, remote, cancellation);

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task WriteNodesAsync(Terminal terminal, RemoteServer remote, CancellationToken cancellation)
    {
        foreach (var line in NodeText.Lines(await remote.NodesAsync(cancellation)))
        {
            await terminal.Output.WriteLineAsync(line);
        }
    }

    private static async Task WriteAsync<T>(Terminal terminal, bool json, T value, Func<T, IEnumerable<string>> lines)
    {
        foreach (var line in json ? [JsonSerializer.Serialize(value, CoreJson.Options)] : lines(value))
        {
            await terminal.Output.WriteLineAsync(line);
        }
    }
}
