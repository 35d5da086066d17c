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
          2    bad input: an option, a sweep file, a folder, a missing program
          3    the sweep ended; some cells are incorrect, failed or poisoned
          4    compare: nothing is slower, some comparisons are inconclusive
          70   a bug in layerbench
          130  interrupted; what was measured is kept
        """;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        switch (parseResult.CommandResult.Command)
        {
            case RootCommand:
                output.WriteLine(ExitCodes);
                output.WriteLine();
                break;
            case DocumentedCommand { Examples.Count: > 0 } command:
                output.WriteLine("Examples:");
                foreach (var example in command.Examples)
                {
                    output.WriteLine($"  {example}");
                }

                output.WriteLine();
                break;
            default:
                break;
        }

        return code;
    }
}
