using System.CommandLine;
using Layerbench.Cli.Serving;
using Layerbench.Cli.Sweeping;
using Layerbench.Engine.Stores;

namespace Layerbench.Cli.Commands;

/// <summary>Shows the sweeps of this machine in a browser, and runs those that are submitted there.</summary>
internal static class ServeCommand
{
    private const string DefaultFolder = "results";

    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = $"Where to look for runs; {DefaultFolder} if not given. What is submitted goes to the first.",
        };
        var port = new Option<int>("--port", "-p")
        {
            Description = "Where to listen; 0 for one that is free.",
            HelpName = "PORT",
            DefaultValueFactory = _ => PageAddress.UsualPort,
        };
        var listen = new Option<string>("--listen")
        {
            Description = "On which address; any but loopback takes --tokens.",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        var tokens = new Option<string?>("--tokens")
        {
            Description = "Who may see, submit and change what: a file of lines that `layerbench token new` prints.",
            HelpName = "FILE",
        };
        var python = SharedOptions.Python();
        var command = new DocumentedCommand(
            "serve",
            "Show sweeps of this machine in a browser while they run, and run those that are submitted there.",
            "layerbench serve",
            "layerbench serve results /data/bench --port 8090",
            "layerbench serve --listen 0.0.0.0 --tokens tokens.txt"
        )
        {
            folders,
            port,
            listen,
            tokens,
            python,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                string[] roots = parsed.GetValue(folders) is { Length: > 0 } given ? given : [DefaultFolder];
                var address = new PageAddress(
                    Port("--port", parsed.GetValue(port)),
                    parsed.GetValue(listen)!,
                    parsed.GetValue(tokens) ?? ""
                );
                if (roots.FirstOrDefault(File.Exists) is { } file)
                {
                    throw new BadInputException($"'{file}' is a file; name a folder that has runs in it");
                }

                using var interruption = new Interruption();
                var place = await Workplace.FindAsync(parsed.GetValue(python), cancellation);
                var journal = await JournalAsync(roots[0], terminal, time);
                var kept = journal is null ? [] : await journal.ReadAsync(cancellation);
                await using var server = await PageServer.StartAsync(
                    address,
                    roots,
                    place,
                    time,
                    cancellation,
                    journal
                );
                foreach (var lost in await server.Sweeps.Own.GoOnAsync(kept))
                {
                    await terminal.Error.WriteLineAsync($"note: {lost}");
                }

                server.RunSubmitted();
                await terminal.Output.WriteLineAsync($"{server.Address}/   (Ctrl-C ends it)");
                await terminal.Output.FlushAsync(cancellation);
                await WaitAsync(interruption.Token);
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <exception cref="BadInputException">It is none.</exception>
    public static int Port(string option, int port) =>
        port is >= 0 and <= 65535
            ? port
            : throw new BadInputException($"{option} {port}: is not from 0 to 65535; leave it out, or give e.g. 8090");

    /// <summary>Null, and a note: it cannot be kept there, be it that another process does so.</summary>
    private static async Task<RunJournal?> JournalAsync(string folder, Terminal terminal, TimeProvider time)
    {
        try
        {
            return RunJournal.Open(folder, time);
        }
        catch (StoreException cannot)
        {
            await terminal.Error.WriteLineAsync(
                $"note: what is submitted here and has not been run is forgotten when this ends: {cannot.Message}"
            );
            return null;
        }
    }

    /// <summary>Until it is cancelled.</summary>
    public static Task WaitAsync(CancellationToken until)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        until.Register(() => ended.TrySetResult());
        return ended.Task;
    }
}
