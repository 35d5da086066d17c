namespace Layerbench.Core.Sweeps;

/// <summary>
/// The known word that was probably meant: least optimal-string-alignment distance (Damerau 1964,
/// doi:10.1145/363958.363994), a third of its letters at most; else one that it begins or ends.
/// </summary>
public static class Suggestion
{
    private const int LongestWord = 100;

    /// <summary><c>; did you mean 'x'?</c>, or nothing.</summary>
    public static string For(string word, IEnumerable<string> known) =>
        Closest(word, known) is { } close ? $"; did you mean '{close}'?" : "";

    /// <summary><c>; did you mean 'x'?</c>, or else <c>; use one of a, b, c</c>.</summary>
    public static string OrList(string word, IReadOnlyCollection<string> known) =>
        Closest(word, known) is { } close ? $"; did you mean '{close}'?"
        : known.Count == 0 ? ""
        : $"; use {(known.Count == 1 ? "" : "one of ")}{string.Join(", ", known)}";

    public static string? Closest(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }

        string? best = null;
        var least = int.MaxValue;
        string? part = null;
        foreach (var candidate in known)
        {
            var distance = Distance(Fold(word), Fold(candidate));
            if (distance < least && distance <= Math.Max(1, Math.Max(word.Length, candidate.Length) / 3))
            {
                (best, least) = (candidate, distance);
            }

            if (
                word.Length >= 3
                && (
                    candidate.EndsWith(word, StringComparison.OrdinalIgnoreCase)
                    || candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                )
            )
            {
                part ??= candidate;
            }
        }

        return best ?? part;
    }

    /// <summary>Case and the separators - and _ do not count.</summary>
    private static string Fold(string word) => word.ToLowerInvariant().Replace('-', '_');

    internal static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
