using Layerbench.Core.Access;
using Layerbench.Engine.Files;
using Microsoft.Extensions.Logging;

namespace Layerbench.Web.Access;

/// <summary>
/// Who has which token, from a file of hashes that is read again when it changes: a token that is taken out of it is
/// refused within <see cref="LookAgain"/>. A file that has become wrong leaves what was read before in force, and is logged.
/// </summary>
internal sealed partial class TokenBook
{
    /// <summary>How often the file is looked at.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly string path;
    private readonly TimeProvider time;
    private readonly ILogger<TokenBook> logger;
    private readonly Lock gate = new();
    private Dictionary<string, TokenEntry> byHash;
    private FileStamp readOf;
    private long lookedAt;

    /// <param name="path">Empty: no tokens, see <see cref="IsOff"/>.</param>
    /// <exception cref="InvalidDataException">The file is wrong; see <see cref="ProblemsOf"/>.</exception>
    public TokenBook(string path, TimeProvider time, ILogger<TokenBook> logger)
    {
        (this.path, this.time, this.logger) = (path, time, logger);
        lookedAt = time.GetTimestamp();
        readOf = IsOff ? default : FileStamp.Of(path);
        var (entries, errors) = IsOff ? ([], []) : Read(path);
        byHash = errors.Count == 0 ? Index(entries) : throw new InvalidDataException(string.Join('\n', errors));
    }

    /// <summary>Nobody is asked for a token.</summary>
    public bool IsOff => path.Length == 0;

    /// <summary>The token's line, also where it has expired; null: there is none.</summary>
    public TokenEntry? Find(string token)
    {
        lock (gate)
        {
            Refresh();
            return byHash.GetValueOrDefault(AccessToken.HashOf(token));
        }
    }

    /// <summary>Everything that is wrong with a token file.</summary>
    public static IReadOnlyList<string> ProblemsOf(string path) => Read(path).Errors;

    private void Refresh()
    {
        if (IsOff || time.GetElapsedTime(lookedAt) < LookAgain)
        {
            return;
        }

        lookedAt = time.GetTimestamp();
        var now = FileStamp.Of(path);
        if (now == readOf)
        {
            return;
        }

        readOf = now;
        var (entries, errors) = Read(path);
        if (errors.Count == 0)
        {
            byHash = Index(entries);
            LogRead(path, byHash.Count);
        }
        else
        {
            LogWrong(path, string.Join("; ", errors));
        }
    }

    private static (IReadOnlyList<TokenEntry> Entries, IReadOnlyList<string> Errors) Read(string path)
    {
        try
        {
            var (entries, errors) = TokenEntry.ParseFile(File.ReadAllText(path));
            return (entries, [.. errors.Select(e => $"'{path}': {e}")]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (
                [],
                [$"'{path}' cannot be read ({e.Message}); make one of the lines that `layerbench token new` prints"]
            );
        }
    }

    private static Dictionary<string, TokenEntry> Index(IReadOnlyList<TokenEntry> entries)
    {
        var index = new Dictionary<string, TokenEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            index[entry.Hash] = entry;
        }

        return index;
    }

    [LoggerMessage(1, LogLevel.Information, "Tokens read again from {Path}: {Count}")]
    private partial void LogRead(string path, int count);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "The token file {Path} is wrong, and what was read before stays in force: {Errors}"
    )]
    private partial void LogWrong(string path, string errors);
}
