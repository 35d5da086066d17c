using System.Globalization;

namespace Layerbench.Core.Access;

/// <summary>One line of a token file: <c>USER ROLE EXPIRY SHA256</c>, e.g. <c>ann submit 2027-01-31T12:00:00Z 9f86…</c>.</summary>
/// <param name="User">Without blanks, and not beginning with <c>#</c>.</param>
/// <param name="Expires">Null: <c>never</c>.</param>
/// <param name="Hash">See <see cref="AccessToken.HashOf"/>.</param>
public sealed record TokenEntry(string User, Role Role, DateTimeOffset? Expires, string Hash)
{
    private const string Never = "never";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const int HashDigits = 64;

    /// <summary>What may be a role.</summary>
    public static IReadOnlyList<string> RoleNames { get; } =
    [.. Enum.GetNames<Role>().Select(name => name.ToLowerInvariant())];

    public static Role? RoleOf(string text) =>
        RoleNames.Contains(text, StringComparer.Ordinal) ? Enum.Parse<Role>(text, ignoreCase: true) : null;

    /// <summary>What keeps a text from being a user's name; null: nothing.</summary>
    public static string? ProblemOfUser(string user) =>
        user.Length is 0 or > 64 || user[0] == '#' || user.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? $"'{user}' is no user's name; give 1 to 64 characters without blanks, not beginning with #"
            : null;

    /// <summary>The line, without its end.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{User} {Role.ToString().ToLowerInvariant()} {Expires?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) ?? Never} {Hash}"
        );

    /// <summary>The entries of a file, or everything that is wrong with it, each with its line. Empty lines and <c># …</c> are skipped.</summary>
    public static (IReadOnlyList<TokenEntry> Entries, IReadOnlyList<string> Errors) ParseFile(string text)
    {
        List<TokenEntry> entries = [];
        List<string> errors = [];
        var number = 0;
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var wrong = words.Length == 4 ? Problems(words).ToList() : [$"has {words.Length} words and not 4"];
            errors.AddRange(
                wrong.Select(w =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"line {number}: {w}; a line is 'USER ROLE EXPIRY SHA256', as `layerbench token new` prints it"
                    )
                )
            );
            if (wrong.Count == 0)
            {
                entries.Add(new TokenEntry(words[0], RoleOf(words[1])!.Value, TimeOf(words[2]), words[3]));
            }
        }

        return errors.Count == 0 ? (entries, []) : ([], errors);
    }

    private static IEnumerable<string> Problems(string[] words)
    {
        if (ProblemOfUser(words[0]) is { } user)
        {
            yield return user;
        }

        if (RoleOf(words[1]) is null)
        {
            yield return $"'{words[1]}' is no role; give {string.Join(", ", RoleNames)}";
        }

        if (words[2] != Never && TimeOf(words[2]) is null)
        {
            yield return $"'{words[2]}' is no time; give e.g. 2027-01-31T12:00:00Z, or never";
        }

        if (words[3].Length != HashDigits || !words[3].All(char.IsAsciiHexDigitLower))
        {
            yield return $"the last word is not {HashDigits} hex digits in lower case";
        }
    }

    private static DateTimeOffset? TimeOf(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : null;
}
