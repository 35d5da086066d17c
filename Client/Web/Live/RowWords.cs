using Layerbench.Report.Words;

namespace Layerbench.Web.Live;

/// <summary>Words that rows are looked through for, case aside: in axes as <c>batch=8</c>, labels, outcomes, reasons, ids.</summary>
internal sealed class RowWords
{
    private readonly SweepPicture picture;
    private readonly List<Word> words;

    public RowWords(SweepPicture picture, string find)
    {
        this.picture = picture;
        words =
        [
            .. find.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(text => new Word(
                    text,
                    [.. picture.Axes.Select(a => a.Values.Select(v => Has($"{a.Name}={v.Canonical}", text)).ToArray())]
                )),
        ];
    }

    public bool Match(RowPlace row) => words.TrueForAll(w => Match(row, w));

    private bool Match(RowPlace row, Word word)
    {
        for (var axis = 0; axis < word.Values.Count; axis++)
        {
            if (picture.CodeOf(row.Cell, axis) is not SweepPicture.NoValue and var code && word.Values[axis][code])
            {
                return true;
            }
        }

        var cell = picture.Cells[row.Cell].Result;
        return Has(cell.Labels[row.Place], word.Text)
            || Has(CellText.Outcome(cell.Outcome), word.Text)
            || Has(cell.Id.Value, word.Text);
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    /// <param name="Values">By axis and value: whether the word is in it.</param>
    private sealed record Word(string Text, IReadOnlyList<bool[]> Values);
}
