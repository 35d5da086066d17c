using System.Globalization;

namespace Layerbench.Core.Scheduling;

/// <summary>
/// How many cells of a sweep may fail (be Incorrect, Failed or Poisoned) since it was started last before it stops, so
/// that a mistake in a sweep does not take a night to show.
/// </summary>
/// <param name="Cells">So many, at least 1; null: not counted so.</param>
/// <param name="Share">This share of the plan's points, over 0 to 1; null: not counted so.</param>
public sealed record FailureBudget(long? Cells = null, double? Share = null)
{
    /// <summary>From <c>20</c> or <c>5%</c>.</summary>
    /// <exception cref="BadInputException">It is neither.</exception>
    public static FailureBudget Parse(string text) =>
        Read(text) switch
        {
            ({ } budget, _) => budget,
            (null, var problems) => throw new BadInputException([.. problems.Select(p => $"failure budget: {p}")]),
        };

    /// <summary>As <see cref="Parse"/>; or what is wrong with the text.</summary>
    public static (FailureBudget? Budget, IReadOnlyList<string> Problems) Read(string text)
    {
        var trimmed = text.Trim();
        if (
            trimmed.EndsWith('%')
            && double.TryParse(
                trimmed[..^1],
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var percent
            )
            && percent is > 0 and <= 100
        )
        {
            return (new FailureBudget(Share: percent / 100), []);
        }

        return long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var cells) && cells >= 1
            ? (new FailureBudget(cells), [])
            : (null, [$"'{text}' is neither a number of cells from 1 nor a share over 0% to 100%; give e.g. 20 or 5%"]);
    }

    /// <summary>Why the sweep stops, or null where it goes on.</summary>
    /// <param name="failed">Cells that failed since it was started.</param>
    /// <param name="size">Points of the plan.</param>
    public string? Spent(long failed, long size)
    {
        var most = Most(size);
        return failed >= most
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"failure budget spent: {failed} cells failed since the sweep was started, and it may have {most}; see why, then rerun the failed cells or start it again"
            )
            : null;
    }

    /// <summary>The share of it that is used up, from 0 to 1 and beyond: slices in flight end.</summary>
    /// <inheritdoc cref="Spent"/>
    public double Used(long failed, long size) => (double)failed / Most(size);

    /// <summary>At least one, so that a share of a small plan is not spent before anything has failed.</summary>
    private long Most(long size)
    {
        var share = Share is { } part ? Math.Max(1, (long)Math.Ceiling(part * size)) : long.MaxValue;
        return Math.Min(share, Cells ?? long.MaxValue);
    }
}
