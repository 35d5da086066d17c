using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Layerbench.Cli.Commands;
using Layerbench.Engine.Stores;

namespace Layerbench.Cli;

/// <summary>Puts the command together, runs it, and turns what went wrong into lines and an exit code.</summary>
internal static class Composition
{
    public static async Task<int> InvokeAsync(string[] args, Terminal terminal, TimeProvider time)
    {
        var parsed = Root(terminal, time).Parse(args);
        // Help, the version and suggestions are given whatever else is wrong.
        var runs = parsed.Action is ParseErrorAction || parsed.Action == parsed.CommandResult.Command.Action;
        if (runs && ParseErrors.Messages(parsed).ToList() is { Count: > 0 } messages)
        {
            messages.ForEach(message => Error(terminal, message));
            await terminal.Error.WriteLineAsync(OwnName.In($"see: {ParseErrors.Name(parsed)} --help"));
            return ExitCode.BadInput;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = terminal.Output,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    // Signals are the run command's own affair: the first ends the launch in flight, it does not abandon it.
                    ProcessTerminationTimeout = null,
                }
            );
        }
        catch (BadInputException e)
        {
            foreach (var message in e.Messages)
            {
                Error(terminal, message);
            }

            foreach (var note in e.Notes)
            {
                await terminal.Error.WriteLineAsync(OwnName.In($"note: {note}"));
            }

            return ExitCode.BadInput;
        }
        catch (StoreException e) when (e.Problem != StoreProblem.Refused)
        {
            Error(terminal, e.Message);
            return ExitCode.BadInput;
        }
        catch (IOException e) when (IsBrokenPipe(e))
        {
            return ExitCode.Done; // `layerbench results … | head`
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Error(terminal, e.Message);
            return ExitCode.BadInput;
        }
        catch (Exception e)
        {
            Error(terminal, $"{e.Message} (this is a bug in layerbench; please report it with what follows)");
            await terminal.Error.WriteLineAsync(e.ToString());
            return ExitCode.Bug;
        }
    }

    public static RootCommand Root(Terminal terminal, TimeProvider time)
    {
        var root = new RootCommand(
            "Which variant of a neural-network layer is faster, by how much, and how sure is that?"
        )
        {
            RunCommand.Create(terminal, time),
            PlanCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            ResultsCommand.Create(terminal, time),
            AnalyzeCommand.Create(terminal, time),
            CompareCommand.Create(terminal, time),
            ReportCommand.Create(terminal, time),
            RunsCommand.Create(terminal),
            ServeCommand.Create(terminal, time),
            VariantsCommand.Create(terminal),
            DevicesCommand.Create(terminal),
            DoctorCommand.Create(terminal, time),
            ClusterCommand.Create(terminal, time),
            InitCommand.Create(terminal),
            SchemaCommand.Create(terminal),
            CompletionsCommand.Create(terminal),
            SubmitCommand.Create(terminal, time),
            WatchCommand.Create(terminal, time),
            StatusCommand.Create(terminal, time),
            NodeCommands.Nodes(terminal, time),
            NodeCommands.Drain(terminal, time),
            TokenCommand.Create(terminal, time),
        };
        foreach (var command in SweepCommands.Create(terminal, time))
        {
            root.Subcommands.Add(command);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Aliases.Remove("/h"); // a path on every system this runs on
        help.Aliases.Remove("/?");
        help.Action = new ExamplesHelp((HelpAction)help.Action!);
        root.SetAction(parsed => help.Action is ExamplesHelp action ? action.Invoke(parsed) : ExitCode.Bug);
        return root;
    }

    /// <summary><c>error: …</c>, one line each.</summary>
    private static void Error(Terminal terminal, string message) =>
        terminal.Error.WriteLine(OwnName.In($"error: {message.ReplaceLineEndings(" ")}"));

    private static bool IsBrokenPipe(IOException e) => e.Message.Contains("Broken pipe", StringComparison.Ordinal);
}
