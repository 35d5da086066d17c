using System.CommandLine;

namespace Layerbench.Cli.Commands;

/// <summary>Options that several commands have, each made anew because an option belongs to one command.</summary>
internal static class SharedOptions
{
    public static Option<string?> Python() =>
        new("--python")
        {
            Description = "The Python with torch for the pytorch backend; else LAYERBENCH_PYTHON, else python3.",
            HelpName = "PATH",
        };

    public static Option<string[]> Set() =>
        new("--set")
        {
            Description = "Override a value of the sweep file, e.g. --set axes.batch=8,16; may be repeated.",
            HelpName = "PATH=VALUE",
            DefaultValueFactory = _ => [],
            AllowMultipleArgumentsPerToken = false,
        };

    public static Option<string?> Devices() =>
        new("--devices")
        {
            Description = "Measure on these instead of the file's, e.g. cuda:0 or cpu:0-3,cpu:4-7.",
            HelpName = "LIST",
        };

    public static Option<string?> Backend() =>
        new("--backend")
        {
            Description = "The same as --set backend=NAME: torchsharp, pytorch or simulated.",
            HelpName = "NAME",
        };
}
