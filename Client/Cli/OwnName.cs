using System.Text.RegularExpressions;

namespace Layerbench.Cli;

/// <summary>
/// How this command was started, so that the commands which it says to give next can be given as they stand: the launcher
/// of a checkout is no <c>layerbench</c> on the path. Texts, those of a server too, are written with the plain name and
/// pass through here where they are shown.
/// </summary>
internal static partial class OwnName
{
    /// <summary>Set by the launcher of a checkout.</summary>
    public const string Variable = "LAYERBENCH_COMMAND";

    public static string Value { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : "layerbench";

    /// <summary>Of text with command lines in it, e.g. <c>`layerbench runs` lists them</c>.</summary>
    public static string In(string text) => In(text, Value);

    public static string In(string text, string name) => CommandLines().Replace(text, _ => name);

    /// <summary>A command line stands in quotes, or at the beginning of a line or of what follows a colon; else it is the product's name.</summary>
    [GeneratedRegex(
        @"(?<=^ *|[`'(]|[:;|] |&& )layerbench(?= [A-Za-z-])",
        RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex CommandLines();
}
