using System.Globalization;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;

namespace Layerbench.Core.Engines;

/// <summary>A sweep as a user hands it in.</summary>
/// <param name="Text">The sweep file's text.</param>
/// <param name="Set"><c>path=value</c> settings that are part of the sweep.</param>
/// <param name="Name">In place of the text's own; null: that.</param>
/// <param name="Priority">
/// Sweeps of higher priority get devices first; see <see cref="HighestPriority"/>. Null, as in those that follow: what its
/// text says (<see cref="ClusterSpec"/>).
/// </param>
/// <param name="MaximumDevices">Most devices that work for it at once, at least 1.</param>
/// <param name="Devices">Which devices it is measured on, beside those that its text names under <c>devices</c>.</param>
/// <param name="Failures">After how many failed cells it stops.</param>
public sealed record SweepSubmission(
    string Text,
    IReadOnlyList<string> Set,
    string? Name = null,
    int? Priority = null,
    int? MaximumDevices = null,
    DeviceSelector? Devices = null,
    FailureBudget? Failures = null
)
{
    /// <summary>Priorities run from minus this to this.</summary>
    public const int HighestPriority = 1000;
}

/// <summary>What became of a submission.</summary>
public abstract record SubmitAnswer
{
    private SubmitAnswer() { }

    /// <param name="IsNew">False: the same text was submitted before, and that sweep is the answer.</param>
    public sealed record Accepted(SweepStatus Status, bool IsNew) : SubmitAnswer;

    /// <summary>The text is wrong.</summary>
    /// <param name="Errors">All of them, in the order of the file.</param>
    /// <param name="Notes">What helps to understand them.</param>
    public sealed record Rejected(IReadOnlyList<SpecError> Errors, IReadOnlyList<string> Notes) : SubmitAnswer;

    /// <summary>The text may be right, but this user has as many sweeps that have not ended as is allowed.</summary>
    public sealed record OverLimit(string Reason) : SubmitAnswer;

    /// <summary>It is another user's sweep, and what was asked for would change that.</summary>
    public sealed record NotYours(string Reason) : SubmitAnswer
    {
        /// <summary>It has ended, and submitting it again would go on with it.</summary>
        public static NotYours Of(SweepStatus ended) =>
            new(
                $"'{ended.Id}' is the sweep of '{ended.User}', and has ended; give this one another --name to run it as your own"
            );
    }
}

/// <summary>What is to be said of a sweep's text before it is submitted.</summary>
public abstract record CheckAnswer
{
    private CheckAnswer() { }

    /// <param name="Id">Under which it would be known.</param>
    /// <param name="Cells">Where conditions exclude points, a bound.</param>
    public sealed record Good(SweepId Id, string Name, long Cells) : CheckAnswer;

    /// <inheritdoc cref="SubmitAnswer.Rejected"/>
    public sealed record Wrong(SubmitAnswer.Rejected Why) : CheckAnswer;
}

/// <summary>How much one user may ask of an engine.</summary>
public sealed record SubmitLimits
{
    /// <summary>Bytes of a sweep's text with its settings, 1 KiB to 1 MiB, which is all that is read of a sweep file.</summary>
    public int SpecBytes { get; init; } = 1 << 20;

    /// <summary>Cells of a sweep, at least 1.</summary>
    public long Cells { get; init; } = 10_000_000;

    /// <summary>Sweeps of one user that have not ended, at least 1.</summary>
    public int SweepsPerUser { get; init; } = 100;

    /// <summary>
    /// Whether a sweep may name files of its own variants. They are code that the nodes run; a cluster's nodes run those alone
    /// that their operator has put there.
    /// </summary>
    public bool PlugIns { get; init; }

    /// <summary>Null: a sweep may have as many.</summary>
    public SubmitAnswer.OverLimit? OfCells(long cells) =>
        cells <= Cells
            ? null
            : new(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the sweep has {cells} cells, and this server takes {Cells} at most (Limits:Cells); narrow its axes, or draw points with random"
                )
            );

    /// <summary>Null: the user may have one more.</summary>
    /// <param name="own">Sweeps of the user that have not ended.</param>
    public SubmitAnswer.OverLimit? OfSweeps(string user, int own) =>
        own < SweepsPerUser
            ? null
            : new(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{user}' has {own} sweeps that have not ended, and may have {SweepsPerUser} (Limits:SweepsPerUser); wait for one to end, or cancel one"
                )
            );

    /// <summary>Everything wrong with them: the value, the rule, the repair.</summary>
    public IEnumerable<string> Errors()
    {
        if (SpecBytes is < 1 << 10 or > 1 << 20)
        {
            yield return $"{nameof(SpecBytes)}: {SpecBytes} is not from 1024 to {1 << 20}; give e.g. {1 << 20}";
        }

        if (Cells < 1)
        {
            yield return $"{nameof(Cells)}: {Cells} is below 1; give e.g. 10000000";
        }

        if (SweepsPerUser < 1)
        {
            yield return $"{nameof(SweepsPerUser)}: {SweepsPerUser} is below 1; give e.g. 100";
        }
    }
}
