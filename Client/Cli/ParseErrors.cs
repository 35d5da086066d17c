using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Layerbench.Core.Sweeps;

namespace Layerbench.Cli;

/// <summary>What is wrong with a command line, with the word that was probably meant.</summary>
internal static partial class ParseErrors
{
    public static IEnumerable<string> Messages(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var known = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).ToList();
        var unmatched = parsed.UnmatchedTokens.Concat(TakenForArguments(parsed)).ToHashSet(StringComparer.Ordinal);
        foreach (var word in unmatched)
        {
            var what =
                word.StartsWith('-') ? "option"
                : command is RootCommand ? "command"
                : "argument";
            yield return $"'{word}' is no {what} of {Name(parsed)}{Suggestion.For(word, known)}";
        }

        foreach (var error in parsed.Errors)
        {
            if (
                error.SymbolResult is ArgumentResult
                {
                    Tokens.Count: 0,
                    Argument: { Arity.MinimumNumberOfValues: > 0 } missing
                }
            )
            {
                yield return $"{Name(parsed)}: {missing.HelpName ?? missing.Name} is missing: {Lower(missing.Description)}";
            }
            else if (!unmatched.Any(word => error.Message.Contains($"'{word}'", StringComparison.Ordinal)))
            {
                yield return Blanks().Replace(error.Message, " ");
            }
        }
    }

    /// <summary>Unknown options that the parser took for arguments: <c>init --froce</c> would write a file of that name.</summary>
    private static IEnumerable<string> TakenForArguments(ParseResult parsed) =>
        parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(a => a.Tokens)
            .Select(t => t.Value)
            .Where(word => word.Length > 1 && word.StartsWith('-'));

    /// <summary><c>layerbench run</c></summary>
    public static string Name(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = command.Parent)
        {
            names.Push(command.Command is RootCommand ? "layerbench" : command.Command.Name);
        }

        return string.Join(' ', names);
    }

    private static string Lower(string? sentence) =>
        string.IsNullOrEmpty(sentence) ? "" : char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.');

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
