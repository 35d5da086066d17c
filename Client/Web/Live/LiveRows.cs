using Layerbench.Core;
using Layerbench.Core.Results;
using Layerbench.Core.Statistics;
using Layerbench.Report.Words;

namespace Layerbench.Web.Live;

/// <summary>Orders, filters and cuts pages of a picture's rows.</summary>
internal static class LiveRows
{
    /// <summary>What rows can be sorted by beside the axes.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    ["cell", "variant", "time", "ratio", "verdict", "memory", "learnt", "device", "outcome", "finished"];

    /// <exception cref="BadInputException">An axis or a column is not there; all that is wrong.</exception>
    public static RowPage Of(SweepPicture picture, RowQuery query)
    {
        List<string> errors = [.. query.Errors()];
        if (errors.Count == 0 && picture.Cells.Count == 0)
        {
            return new RowPage([], query.Offset, 0, 0); // axes are not known yet
        }

        var at = WinMaps.At(picture, query.At, errors);
        var key = Key(picture, query.Sort, errors);
        if (errors.Count > 0)
        {
            throw new BadInputException(errors);
        }

        var order = picture.Orders.Of(query.Order, () => Ordered(picture, query, at, key));
        return new RowPage(
            [.. order.Skip(query.Offset).Take(query.Limit).Select(r => Row(picture, r))],
            query.Offset,
            order.Length,
            picture.Cells.Sum(c => (long)c.Result.Labels.Count)
        );
    }

    private static RowPlace[] Ordered(
        SweepPicture picture,
        RowQuery query,
        IReadOnlyList<(int Axis, int Value)> at,
        Func<RowPlace, SortKey>? key
    )
    {
        var words = new RowWords(picture, query.Find ?? "");
        var found = new List<RowPlace>();
        for (var cell = 0; cell < picture.Cells.Count; cell++)
        {
            var result = picture.Cells[cell].Result;
            if (!IsOutcome(result.Outcome, query.Outcome) || at.Any(a => picture.CodeOf(cell, a.Axis) != a.Value))
            {
                continue;
            }

            for (var place = 0; place < result.Labels.Count; place++)
            {
                var row = new RowPlace(cell, place);
                if (IsVerdict(picture, row, query.Verdict) && words.Match(row))
                {
                    found.Add(row);
                }
            }
        }

        if (key is null)
        {
            if (query.Descending)
            {
                found.Reverse();
            }

            return [.. found];
        }

        // What is not known stays at the end, whichever way.
        var keyed = found.ConvertAll(r => (Row: r, Key: key(r)));
        var known = keyed.Where(k => k.Key.IsKnown);
        var sorted = query.Descending ? known.OrderByDescending(k => k.Key) : known.OrderBy(k => k.Key);
        return [.. sorted.Select(k => k.Row), .. keyed.Where(k => !k.Key.IsKnown).Select(k => k.Row)];
    }

    private static bool IsOutcome(Outcome outcome, string? wanted) =>
        wanted is null || (wanted == RowQuery.AnyFailure ? outcome.IsFailure : outcome.Name == wanted);

    private static bool IsVerdict(SweepPicture picture, RowPlace row, string? wanted)
    {
        if (wanted is null)
        {
            return true;
        }

        return VerdictOf(picture, row) is { } verdict
            && string.Equals(verdict.ToString(), wanted, StringComparison.OrdinalIgnoreCase);
    }

    private static Func<RowPlace, SortKey>? Key(SweepPicture picture, string? sort, List<string> errors)
    {
        Func<RowPlace, SortKey>? key = sort switch
        {
            null or "cell" => null,
            "variant" => r => SortKey.Of(Label(picture, r)),
            "time" => r => SortKey.Of(Estimate(picture, r)?.Seconds.Value),
            "ratio" => r => SortKey.Of(Estimate(picture, r)?.Ratio?.Value),
            "verdict" => r => SortKey.Of(VerdictOf(picture, r)?.ToString()),
            "memory" => r => SortKey.Of(Estimate(picture, r)?.PeakBytes?.Value),
            "learnt" => r =>
                SortKey.Of(Learnt(picture, r) is { } t && t.Values.TryGetValue(t.Metric, out var v) ? v : null),
            "device" => r => SortKey.Of(picture.Cells[r.Cell].Result.Device?.Value),
            "outcome" => r => SortKey.Of(picture.Cells[r.Cell].Result.Outcome.Name),
            "finished" => r => SortKey.Of(picture.Cells[r.Cell].Result.FinishedAt.UtcTicks),
            _ => null,
        };
        if (key is not null || sort is null or "cell")
        {
            return key;
        }

        var axis = picture.AxisAt(sort);
        if (axis < 0)
        {
            errors.Add(
                $"sort: '{sort}' is neither a column nor an axis; give one of {string.Join(", ", Columns.Concat(picture.Axes.Select(a => a.Name)))}"
            );
        }

        // Values are in order already.
        return r => SortKey.Of(picture.CodeOf(r.Cell, axis) is not SweepPicture.NoValue and var code ? code : null);
    }

    private static LiveRow Row(SweepPicture picture, RowPlace row)
    {
        var (result, findings, _, _) = picture.Cells[row.Cell];
        var estimate = Estimate(picture, row);
        var timed = findings.Estimate is { TimeLaunches: > 0 } ? estimate : null;
        return new LiveRow(
            result.Id,
            result.Index,
            result.Point,
            result.Labels[row.Place],
            result.Baseline,
            result.Outcome.Name,
            findings.Control,
            result.Device,
            result.FinishedAt
        )
        {
            Time = timed is null ? null : Units.Seconds(timed.Seconds),
            Ratio = timed?.Ratio is { } ratio && findings.Problem is null ? Units.Ratio(ratio) : null,
            Verdict = VerdictOf(picture, row),
            PeakMemory = estimate?.PeakBytes is { } peak ? Units.Bytes(peak) : null,
            Learnt = Learnt(picture, row) is { } training ? TrainingText.Of(training) : null,
            Note = Note(picture.Cells[row.Cell]),
            Launches = findings.Estimate?.TimeLaunches ?? 0,
        };
    }

    private static string? Note(BookCell cell)
    {
        string?[] notes =
        [
            cell.Result.Outcome.Explanation,
            cell.Findings.Problem,
            .. cell.Findings.Estimate is { TimeLaunches: > 0 } estimate ? CellText.Notes(estimate) : [],
        ];
        var said = string.Join("; ", notes.Where(n => !string.IsNullOrEmpty(n)));
        return said.Length == 0 ? null : said;
    }

    private static string Label(SweepPicture picture, RowPlace row) => picture.Cells[row.Cell].Result.Labels[row.Place];

    private static VariantEstimate? Estimate(SweepPicture picture, RowPlace row) =>
        picture.Cells[row.Cell].Findings.Estimate?.Variants[row.Place];

    private static Verdict? VerdictOf(SweepPicture picture, RowPlace row) =>
        picture.Verdicts.Of(picture.Cells[row.Cell].Result, Label(picture, row))?.Verdict;

    private static Training? Learnt(SweepPicture picture, RowPlace row) =>
        picture.Cells[row.Cell].Learnt.SelectMany(l => l.Trainings).FirstOrDefault(t => t.Variant == row.Place);
}

/// <summary>A row: the place of its cell in the picture, and that of its variant in the cell.</summary>
internal readonly record struct RowPlace(int Cell, int Place);

/// <summary>A number or a text; of one column all are of one kind.</summary>
internal readonly record struct SortKey(double Number, string? Text) : IComparable<SortKey>
{
    public bool IsKnown => Text is not null || double.IsFinite(Number);

    public static SortKey Of(double? number) => new(number ?? double.NaN, null);

    public static SortKey Of(string? text) => new(double.NaN, text);

    public int CompareTo(SortKey other) =>
        Text is not null ? string.CompareOrdinal(Text, other.Text) : Number.CompareTo(other.Number);
}
