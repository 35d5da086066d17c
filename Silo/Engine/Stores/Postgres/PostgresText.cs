using System.Text;

namespace Layerbench.Engine.Stores.Postgres;

/// <summary>
/// Texts that came from elsewhere (a worker's stderr, an error's message) as PostgreSQL takes them: it has no NUL in a text
/// and no half of a surrogate pair. They become ␀ and �.
/// </summary>
internal static class PostgresText
{
    public static string Of(string text) => IsFit(text) ? text : Fit(text);

    public static string? OrNull(string? text) => text is null ? null : Of(text);

    private static bool IsFit(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && !IsPair(text, ref i)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPair(string text, ref int i) =>
        i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i]);

    private static string Fit(string text)
    {
        var fit = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            fit.Append(rune.Value == 0 ? "␀" : rune.ToString());
        }

        return fit.ToString();
    }
}
