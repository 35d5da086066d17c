using Layerbench.Cli;

namespace Layerbench.Tests.Shared;

/// <summary>The command, run in this process as its program runs it.</summary>
internal static class CommandRun
{
    public static async Task<(int Code, string Output, string Error)> OfAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(
            output,
            error,
            outputIsTerminal: false,
            errorIsTerminal: false,
            colour: false,
            movesCursor: false,
            Terminal.Unfolded
        );
        var code = await Composition.InvokeAsync(arguments, terminal, TimeProvider.System);
        return (code, output.ToString(), error.ToString());
    }
}
