using System.Globalization;

namespace Layerbench.Core.Sweeps;

internal enum TokenKind : byte
{
    Number,
    Text,
    Name,
    Symbol,
    End,
}

/// <summary>A word of an expression.</summary>
internal readonly record struct ExpressionToken(TokenKind Kind, string Text, int Column, Operand Value = default)
{
    /// <summary>Longest first, so that <c>**</c> is not read as two <c>*</c>.</summary>
    private static readonly string[] Symbols =
    [
        "**",
        "//",
        "==",
        "!=",
        "<=",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "<",
        ">",
        "(",
        ")",
        "[",
        "]",
        ",",
        "?",
        ":",
    ];

    /// <summary>Words of other languages, and what is meant by them.</summary>
    private static readonly (string Foreign, string Meant)[] Foreign =
    [
        ("&&", "and"),
        ("||", "or"),
        ("<>", "!="),
        ("^", "**"),
        ("&", "and"),
        ("|", "or"),
        ("!", "not"),
        ("=", "=="),
        ("×", "*"),
        ("÷", "/"),
        ("≤", "<="),
        ("≥", ">="),
        ("≠", "!="),
    ];

    public bool Is(string symbol) =>
        Kind is TokenKind.Symbol or TokenKind.Name && string.Equals(Text, symbol, StringComparison.Ordinal);

    public override string ToString() => Kind == TokenKind.End ? "the end" : $"'{Text}'";

    /// <summary>Words that have a meaning of their own and so cannot name an axis.</summary>
    public static bool IsReserved(string name) =>
        name is "and" or "or" or "not" or "in" or "true" or "false" || FunctionNode.Known.ContainsKey(name);

    public static List<ExpressionToken> Split(string text)
    {
        var tokens = new List<ExpressionToken>();
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at == text.Length)
            {
                tokens.Add(new(TokenKind.End, "", at + 1));
                return tokens;
            }

            var token = Next(text, at, out at);
            tokens.Add(token);
        }
    }

    private static ExpressionToken Next(string text, int start, out int end)
    {
        var c = text[start];
        if (char.IsAsciiDigit(c) || (c == '.' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
        {
            return Number(text, start, out end);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            end = start;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }

            var name = text[start..end];
            return new(name is "and" or "or" or "not" or "in" ? TokenKind.Symbol : TokenKind.Name, name, start + 1);
        }

        if (c is '\'' or '"')
        {
            end = text.IndexOf(c, start + 1) + 1;
            return end > 0
                ? new(TokenKind.Text, text[start..end], start + 1, Operand.Of(text[(start + 1)..(end - 1)]))
                : throw new ExpressionException($"'{text}': the quote {c} is not closed", start + 1);
        }

        foreach (var (foreign, meant) in Foreign)
        {
            if (text.AsSpan(start).StartsWith(foreign, StringComparison.Ordinal) && !IsOwn(text, start))
            {
                throw new ExpressionException(
                    $"'{text}': '{foreign}' is no operator here; did you mean '{meant}'?",
                    start + 1
                );
            }
        }

        foreach (var symbol in Symbols)
        {
            if (text.AsSpan(start).StartsWith(symbol, StringComparison.Ordinal))
            {
                end = start + symbol.Length;
                return new(TokenKind.Symbol, symbol, start + 1);
            }
        }

        throw new ExpressionException($"'{text}': '{c}' has no meaning in an expression; remove it", start + 1);
    }

    private static bool IsOwn(string text, int start) =>
        text.AsSpan(start).StartsWith("==", StringComparison.Ordinal)
        || text.AsSpan(start).StartsWith("!=", StringComparison.Ordinal);

    private static ExpressionToken Number(string text, int start, out int end)
    {
        end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '_'))
        {
            // The sign of an exponent, as in 1e-3.
            var exponent = text[end] is 'e' or 'E' && end + 1 < text.Length && text[end + 1] is '+' or '-';
            end += exponent ? 2 : 1;
        }

        var word = text[start..end];
        if (word.All(char.IsAsciiDigit) && long.TryParse(word, CultureInfo.InvariantCulture, out var integer))
        {
            return new(TokenKind.Number, word, start + 1, Operand.Of(integer));
        }

        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (double.TryParse(word, style, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real))
        {
            return new(TokenKind.Number, word, start + 1, Operand.Of(real));
        }

        throw new ExpressionException(
            $"'{text}': '{word}' is no number; write it like 12, 0.5 or 1e-3, and a product with '*'",
            start + 1
        );
    }
}
