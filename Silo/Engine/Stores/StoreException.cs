namespace Layerbench.Engine.Stores;

/// <summary>What kept a store or an output folder from being used.</summary>
public enum StoreProblem
{
    /// <summary>There is no store where one was to be read.</summary>
    Missing,

    /// <summary>Another process works in the folder.</summary>
    InUse,

    /// <summary>A newer layerbench wrote it.</summary>
    NewerVersion,

    /// <summary>The file is something else: no SQLite database, or another program's.</summary>
    NotAStore,

    /// <summary>A file stands where the folder should be, or no folder can be made there.</summary>
    NotAFolder,

    /// <summary>The folder or file cannot be written.</summary>
    ReadOnly,

    /// <summary>The disk is full.</summary>
    Full,

    /// <summary>The store's content is damaged.</summary>
    Corrupt,

    /// <summary>The connection string, or the password file, is none.</summary>
    Misconfigured,

    /// <summary>The server does not let this user in, or do this.</summary>
    Denied,

    /// <summary>No server answers.</summary>
    Unreachable,

    /// <summary>What was to be written breaks a rule of the store; a bug of the writer.</summary>
    Refused,

    /// <summary>The disk or the database failed otherwise.</summary>
    Failed,
}

/// <summary>
/// A store or an output folder cannot be used. <see cref="Exception.Message"/> is for the user: the path or server, the rule and
/// the repair. Whatever was committed before is still there.
/// </summary>
public sealed class StoreException(StoreProblem problem, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public StoreProblem Problem { get; } = problem;
}
