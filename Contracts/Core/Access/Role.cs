namespace Layerbench.Core.Access;

/// <summary>What a user may do; each role may all that the ones before it may.</summary>
public enum Role
{
    /// <summary>See sweeps, results and nodes.</summary>
    View,

    /// <summary>Submit sweeps, and change one's own.</summary>
    Submit,

    /// <summary>Change everybody's sweeps, and drain nodes.</summary>
    Admin,
}

/// <summary>Who asks.</summary>
public sealed record Caller(string User, Role Role)
{
    /// <summary>Whether this user may change a sweep of that owner.</summary>
    public bool MayChange(string owner) =>
        Role == Role.Admin || (Role == Role.Submit && string.Equals(User, owner, StringComparison.Ordinal));
}
