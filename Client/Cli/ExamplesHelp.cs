using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Layerbench.Cli;

/// <summary>The library's help, then the command's examples and, for the whole command, the exit codes.</summary>
internal sealed class ExamplesHelp(HelpAction help) : SynchronousCommandLineAction
{
    private const string ExitCodes = """
        Exit codes:
          0    done
          1    compare: some comparisons are slower
          2    bad input: an option, a sweep file, a folder, a missing program, a server that refuses
          3    the sweep ended; some cells are incorrect, failed or poisoned; cluster status: not all of it is up
          4    not all is known: compare: some comparisons are inconclusive, none slower; run: the budget is spent
          70   a bug in layerbench
          130  interrupted; what was measured is kept
        """;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is RootCommand root)
        {
            WriteRoot(root, output);
            return ExitCode.Done;
        }

        var code = help.Invoke(parseResult);
        switch (parseResult.CommandResult.Command)
        {
            case DocumentedCommand { Examples.Count: > 0 } command:
                output.WriteLine("Examples:");
                foreach (var example in command.Examples)
                {
                    output.WriteLine(OwnName.In($"  {example}"));
                }

                output.WriteLine();
                break;
            default:
                break;
        }

        return code;
    }

    /// <summary>Of the whole command; the library's own shows optional arguments as if they were required.</summary>
    private static void WriteRoot(RootCommand root, TextWriter output)
    {
        var commands = root.Subcommands.Select(c => (Use: Use(c), c.Description)).ToList();
        var width = commands.Max(c => c.Use.Length) + 2;
        output.WriteLine(root.Description);
        output.WriteLine();
        output.WriteLine(
            OwnName.In("Usage: layerbench COMMAND [options]; layerbench COMMAND --help has its options and examples")
        );
        output.WriteLine();
        output.WriteLine("Commands:");
        foreach (var (use, description) in commands)
        {
            output.WriteLine($"  {use.PadRight(width)}{description}");
        }

        output.WriteLine();
        output.WriteLine("Options:");
        output.WriteLine($"  {"-h, --help".PadRight(width)}Show this, or a command's help");
        output.WriteLine($"  {"--version".PadRight(width)}Show the version");
        output.WriteLine();
        output.WriteLine(ExitCodes);
        output.WriteLine();
    }

    /// <summary><c>run [FILE]</c>, <c>validate FILE…</c></summary>
    private static string Use(Command command) =>
        string.Join(
            ' ',
            command
                .Arguments.Select(argument =>
                {
                    var name = argument.Name + (argument.Arity.MaximumNumberOfValues > 1 ? "…" : "");
                    return argument.Arity.MinimumNumberOfValues == 0 || argument.HasDefaultValue ? $"[{name}]" : name;
                })
                .Prepend(command.Name)
        );
}
