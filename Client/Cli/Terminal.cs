using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Layerbench.Cli;

/// <summary>Where the command writes: results to <paramref name="output"/>, progress and errors to <paramref name="error"/>.</summary>
/// <param name="outputIsTerminal">Whether somebody reads standard output as it comes.</param>
/// <param name="errorIsTerminal">The same of standard error, where progress is drawn.</param>
/// <param name="colour">False with NO_COLOR (https://no-color.org) or TERM=dumb.</param>
/// <param name="movesCursor">Whether what is on the terminal can be drawn over: false with TERM=dumb.</param>
/// <param name="width">Columns of the terminal.</param>
internal sealed class Terminal(
    TextWriter output,
    TextWriter error,
    bool outputIsTerminal,
    bool errorIsTerminal,
    bool colour,
    bool movesCursor,
    int width
)
{
    /// <summary>Wide enough for any table: what is piped is never folded.</summary>
    public const int Unfolded = 10_000;

    public TextWriter Output { get; } = output;
    public TextWriter Error { get; } = error;
    public bool OutputIsTerminal { get; } = outputIsTerminal;
    public bool ErrorIsTerminal { get; } = errorIsTerminal;
    public bool Colour { get; } = colour;
    public bool MovesCursor { get; } = movesCursor;
    public int Width { get; } = width;

    public static Terminal OfProcess()
    {
        var dumb = string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);
        var noColour = dumb || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(
            System.Console.Out,
            System.Console.Error,
            !System.Console.IsOutputRedirected,
            !System.Console.IsErrorRedirected,
            !noColour,
            !dumb,
            WindowWidth()
        );
    }

    /// <summary>Writes what is drawn to standard output, in colour and folded to the width only on a terminal.</summary>
    public void Write(IRenderable what) =>
        Output.Write(OutputIsTerminal ? Folded(what, Width, Colour) : Text(what, Unfolded, colour: false));

    /// <summary>As <see cref="Text"/>, but wider than the width where that would cut words or leave them out: a terminal folds its lines itself.</summary>
    public static string Folded(IRenderable what, int width, bool colour)
    {
        var isWhole = Words(Text(what, Unfolded, colour: false)).IsSubsetOf(Words(Text(what, width, colour: false)));
        return Text(what, isWhole ? width : Unfolded, colour);
    }

    /// <summary>The drawn text, without trailing blanks.</summary>
    public static string Text(IRenderable what, int width, bool colour)
    {
        using var writer = new StringWriter();
        Console(writer, width, colour, colour).Write(what);
        var text = new StringBuilder();
        foreach (var line in writer.ToString().TrimEnd('\n').Split('\n'))
        {
            text.Append(line.AsSpan().TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A Spectre console that guesses nothing from the environment.</summary>
    public static IAnsiConsole Console(TextWriter writer, int width, bool ansi, bool colour)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
                Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            }
        );
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>Lines of a frame are none.</summary>
    private static HashSet<string> Words(string text) =>
        [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(w => w.Any(char.IsLetterOrDigit))];

    private static int WindowWidth()
    {
        try
        {
            return System.Console.WindowWidth > 0 ? System.Console.WindowWidth : 120;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return 120;
        }
    }
}
