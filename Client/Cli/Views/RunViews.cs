namespace Layerbench.Cli.Views;

/// <summary>Which view a run is shown in.</summary>
internal static class RunViews
{
    /// <param name="axes">Axes by which points are named.</param>
    public static IRunView Of(
        Terminal terminal,
        TimeProvider time,
        bool json,
        bool quiet,
        IReadOnlyList<string> axes
    ) =>
        quiet ? new QuietRunView()
        : json ? new JsonRunView(terminal.Output)
        : terminal is { ErrorIsTerminal: true, MovesCursor: true }
            ? new LiveRunView(Terminal.Console(terminal.Error, terminal.Width, ansi: true, terminal.Colour), axes, time)
        : new PlainRunView(terminal.Error, axes);
}
