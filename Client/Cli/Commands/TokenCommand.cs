using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Layerbench.Core.Access;

namespace Layerbench.Cli.Commands;

/// <summary>Makes tokens for a cluster's gateway.</summary>
internal static class TokenCommand
{
    private const string Never = "never";
    private static readonly TimeSpan longest = TimeSpan.FromDays(3660);

    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var user = new Option<string>("--user")
        {
            Description = "Whose it is.",
            HelpName = "NAME",
            Required = true,
        };
        var role = new Option<string>("--role")
        {
            Description =
                "view: see everything; submit: and submit sweeps and change one's own; admin: and change everybody's.",
            HelpName = "ROLE",
            Required = true,
        };
        var expires = new Option<string>("--expires")
        {
            Description = "After how long it is refused, e.g. 30d or 12h; never.",
            HelpName = "TIME",
            DefaultValueFactory = _ => "90d",
        };
        var create = new DocumentedCommand(
            "new",
            "Make a token: prints it once, and the line for the gateway's token file, which does not give it away.",
            "layerbench token new --user ann --role submit --expires 30d"
        )
        {
            user,
            role,
            expires,
        };
        create.SetAction(
            async (parsed, _) =>
            {
                var (entry, wrong) = Entry(
                    parsed.GetValue(user)!,
                    parsed.GetValue(role)!,
                    parsed.GetValue(expires)!,
                    time.GetUtcNow()
                );
                if (entry is null)
                {
                    throw new BadInputException(wrong);
                }

                var token = AccessToken.Of(RandomNumberGenerator.GetBytes(AccessToken.Size));
                await terminal.Error.WriteLineAsync(
                    "the token, which is shown this once (LAYERBENCH_TOKEN or --token-file):"
                );
                await terminal.Output.WriteLineAsync(token);
                await terminal.Error.WriteLineAsync("the line for the gateway's token file (Layerbench:Tokens):");
                await terminal.Output.WriteLineAsync((entry with { Hash = AccessToken.HashOf(token) }).ToString());
                return ExitCode.Done;
            }
        );
        return new DocumentedCommand(
            "token",
            "Make tokens for a cluster's gateway.",
            "layerbench token new --user ann --role submit"
        )
        {
            create,
        };
    }

    private static (TokenEntry? Entry, IReadOnlyList<string> Wrong) Entry(
        string user,
        string role,
        string expires,
        DateTimeOffset now
    )
    {
        List<string> wrong = [];
        if (TokenEntry.ProblemOfUser(user) is { } problem)
        {
            wrong.Add($"--user: {problem}");
        }

        if (TokenEntry.RoleOf(role) is null)
        {
            wrong.Add($"--role: '{role}' is no role; give {string.Join(", ", TokenEntry.RoleNames)}");
        }

        var span = Span(expires);
        if (span is null && expires != Never)
        {
            wrong.Add($"--expires: '{expires}' is no time up to 10 years; give e.g. 30d or 12h, or never");
        }

        return wrong.Count > 0
            ? (null, wrong)
            : (new TokenEntry(user, TokenEntry.RoleOf(role)!.Value, span is { } until ? now + until : null, ""), []);
    }

    private static TimeSpan? Span(string text)
    {
        if (
            text.Length < 2
            || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count < 1
        )
        {
            return null;
        }

        TimeSpan? span = text[^1] switch
        {
            'd' => count <= longest.TotalDays ? TimeSpan.FromDays(count) : null,
            'h' => count <= longest.TotalHours ? TimeSpan.FromHours(count) : null,
            _ => null,
        };
        return span;
    }
}
