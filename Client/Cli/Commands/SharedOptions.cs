using System.CommandLine;
using System.Globalization;

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

    public static Option<int?> Port(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "PORT" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var port) && port is >= 1 and <= 65535))
            {
                result.AddError($"{name}: '{token.Value}' is no port; give a number from 1 to 65535");
            }
        });
        return option;
    }

    /// <summary>A sweep on a server.</summary>
    public static Argument<string> SweepId() =>
        new("ID") { Description = "The sweep: its id, as `submit` prints it, enough of it, or its name." };

    public static Option<string?> Sweep() =>
        new("--sweep")
        {
            Description =
                "Which sweep of the folder: its id, enough of it, or its name; the one started last if not given.",
            HelpName = "ID",
        };

    /// <summary>A share as a sweep file writes it: <c>2%</c> or <c>0.02</c>.</summary>
    public static Option<double?> Share(string name, string description, double least, double most) =>
        new(name)
        {
            Description = description,
            HelpName = "SHARE",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                var percent = text.EndsWith('%');
                if (
                    decimal.TryParse(
                        percent ? text[..^1] : text,
                        NumberStyles.AllowDecimalPoint,
                        CultureInfo.InvariantCulture,
                        out var number
                    )
                    && (double)(percent ? number / 100 : number) is var share
                    && share >= least
                    && share <= most
                )
                {
                    return share;
                }

                result.AddError(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}: '{text}' is not a share from {100 * least:0.##}% to {100 * most:0.##}%; write it like 2% or 0.02"
                    )
                );
                return null;
            },
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

    public static Option<string?> Budget(string description) =>
        new("--budget") { Description = description, HelpName = "TIME" };

    public static Option<string?> Backend() =>
        new("--backend")
        {
            Description = "The same as --set backend=NAME: torchsharp, pytorch or simulated.",
            HelpName = "NAME",
        };
}
