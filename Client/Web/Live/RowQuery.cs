using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Statistics;

namespace Layerbench.Web.Live;

/// <summary>Which rows are asked for; a row is a variant of a cell.</summary>
/// <param name="Sort">A column or an axis; null: the order of the plan.</param>
/// <param name="Find">Words that a row must all have: <c>batch=8 conv1d</c>.</param>
/// <param name="Outcome">Null: any.</param>
/// <param name="Verdict">Null: any, also none.</param>
internal sealed record RowQuery(
    int Offset,
    int Limit,
    string? Sort,
    bool Descending,
    string? Find,
    string? Outcome,
    string? Verdict,
    IReadOnlyDictionary<string, string> At
)
{
    /// <summary>Rows of one page at most.</summary>
    public const int MostPerPage = 500;

    /// <summary>What is told apart from the page that is asked for.</summary>
    public string Order =>
        string.Join(
            '\n',
            [
                Sort,
                Descending ? "desc" : "asc",
                Find,
                Outcome,
                Verdict,
                .. At.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"),
            ]
        );

    /// <summary>Everything that is wrong with it, whatever the sweep.</summary>
    public IEnumerable<string> Errors()
    {
        if (Limit is < 1 or > MostPerPage)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"limit: {Limit} is not from 1 to {MostPerPage}; ask for the next page with offset"
            );
        }

        if (Offset < 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"offset: {Offset} is below 0; give 0 or more");
        }

        if (Verdict is not null && !VerdictNames.Contains(Verdict, StringComparer.Ordinal))
        {
            yield return $"verdict: '{Verdict}' is none; give one of {string.Join(", ", VerdictNames)}";
        }

        if (Outcome is not null && !OutcomeNames.Contains(Outcome, StringComparer.Ordinal))
        {
            yield return $"outcome: '{Outcome}' is none; give one of {string.Join(", ", OutcomeNames)}";
        }
    }

    /// <summary>All that are failures go by this name as well.</summary>
    public const string AnyFailure = "failures";

    private static readonly string[] OutcomeNames =
    [
        "completed",
        "unconverged",
        "skipped",
        .. Core.Results.Outcome.FailureNames,
        AnyFailure,
    ];

    private static readonly string[] VerdictNames = [.. Enum.GetNames<Verdict>().Select(v => v.ToLowerInvariant())];
}

/// <summary>Rows that match, and where the page that was asked for begins.</summary>
/// <param name="Count">All that match.</param>
/// <param name="All">All that there are.</param>
public sealed record RowPage(IReadOnlyList<LiveRow> Rows, int Offset, long Count, long All);

/// <summary>One variant of a finished cell, in the words of the report.</summary>
/// <param name="Outcome">Its name.</param>
public sealed record LiveRow(
    CellId Cell,
    long Index,
    IReadOnlyDictionary<string, AxisValue> Point,
    string Variant,
    string Baseline,
    string Outcome,
    ControlKind Control,
    DeviceId? Device,
    DateTimeOffset FinishedAt
)
{
    /// <summary>Null where it was not timed.</summary>
    public string? Time { get; init; }

    /// <summary>Null of the baseline, and where it was not timed.</summary>
    public string? Ratio { get; init; }

    public Verdict? Verdict { get; init; }
    public string? PeakMemory { get; init; }

    /// <summary>What a training came to; null where it is none.</summary>
    public string? Learnt { get; init; }

    /// <summary>What must be known to read its numbers, or why there are none; null where nothing must.</summary>
    public string? Note { get; init; }

    public int Launches { get; init; }
}
