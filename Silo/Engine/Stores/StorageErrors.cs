using Microsoft.Data.Sqlite;

namespace Layerbench.Engine.Stores;

/// <summary>Says what SQLite and the file system report in the user's words.</summary>
internal static class StorageErrors
{
    // Primary result codes, https://www.sqlite.org/rescode.html
    private const int Perm = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Constraint = 19;
    private const int NotADatabase = 26;

    public static StoreException Of(SqliteException error, string path) =>
        error.SqliteErrorCode switch
        {
            Full => DiskFull(path, error),
            ReadOnly or CannotOpen or Perm => NotWritable(path, error),
            Corrupt => new(
                StoreProblem.Corrupt,
                $"'{path}' is damaged ({error.Message}); restore it from a copy, or move it away to start anew",
                error
            ),
            NotADatabase => NotAStore(path, "it is not an SQLite database", error),
            Busy or Locked => new(
                StoreProblem.InUse,
                $"'{path}' is locked by another program; close it there and run the same command again",
                error
            ),
            Constraint => new(StoreProblem.Refused, $"'{path}' refused a write: {error.Message}", error),
            IoError => new(
                StoreProblem.Failed,
                $"'{path}': the disk failed (SQLite error {error.SqliteExtendedErrorCode}); what was stored before is "
                    + "kept; check the disk, then run the same command again",
                error
            ),
            _ => new(
                StoreProblem.Failed,
                $"'{path}': SQLite error {error.SqliteExtendedErrorCode}: {error.Message}",
                error
            ),
        };

    /// <summary>An error of the file system, or null where it is none of those that a user can mend.</summary>
    public static StoreException Of(Exception error, string path) =>
        error switch
        {
            StoreException store => store,
            SqliteException sqlite => Of(sqlite, path),
            UnauthorizedAccessException => NotWritable(path, error),
            IOException io when IsDiskFull(io) => DiskFull(path, error),
            IOException io when IsReadOnlyFileSystem(io) => NotWritable(path, error),
            _ => new(StoreProblem.Failed, $"'{path}': {error.Message}", error),
        };

    public static StoreException NotAStore(string path, string why, Exception? inner = null) =>
        new(
            StoreProblem.NotAStore,
            $"'{path}' is not a layerbench store: {why}; move it away or choose another --out",
            inner
        );

    /// <summary>Whether reading a column gave this: no JSON, a number out of range, NULL, a word that is none of the known.</summary>
    public static bool IsNoValue(Exception error) =>
        error
            is System.Text.Json.JsonException
                or OverflowException
                or InvalidCastException
                or FormatException
                or ArgumentException
                or NullReferenceException
        || (error is InvalidOperationException and not ObjectDisposedException);

    /// <param name="what">Of what it is; null where that is not known.</param>
    public static StoreException NoValue(string path, string? what, Exception error) =>
        new(
            StoreProblem.Corrupt,
            $"'{path}' holds a value that cannot be one{(what is null ? "" : $" in {what}")} ({error.Message}); "
                + "restore it from a copy, or measure anew in another --out",
            error
        );

    private static StoreException NotWritable(string path, Exception error) =>
        new(
            StoreProblem.ReadOnly,
            $"'{path}' cannot be written (read-only, or no permission); make it writable or choose another --out",
            error
        );

    private static StoreException DiskFull(string path, Exception error) =>
        new(
            StoreProblem.Full,
            $"'{path}': the disk is full; what was stored before is kept; free some space, then run the same command again",
            error
        );

    // .NET keeps the raw errno (ENOSPC 28, EDQUOT 122, EROFS 30) or Windows' ERROR_DISK_FULL (112) in the low word.
    private static bool IsDiskFull(IOException error) => (error.HResult & 0xffff) is 28 or 112 or 122;

    private static bool IsReadOnlyFileSystem(IOException error) => (error.HResult & 0xffff) is 30;
}
