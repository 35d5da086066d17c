using System.Security.Cryptography;
using System.Text;

namespace Layerbench.Core.Results;

/// <summary>Names an environment by what is in it.</summary>
public static class FingerprintHash
{
    /// <summary>
    /// The first 16 hex digits of a SHA-256 over <c>key=value</c> lines in ordinal order of the keys, UTF-8. A backslash, a
    /// line feed, and in a key an equals sign, are escaped, so that different entries never give the same text.
    /// </summary>
    public static FingerprintId Of(IReadOnlyDictionary<string, string> entries)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in entries.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            text.Append(Escaped(key).Replace("=", "\\=", StringComparison.Ordinal))
                .Append('=')
                .Append(Escaped(value))
                .Append('\n');
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return new FingerprintId(Convert.ToHexStringLower(hash.AsSpan(0, 8)));
    }

    /// <summary>The entries with their name.</summary>
    public static Fingerprint Named(IReadOnlyDictionary<string, string> entries) => new(Of(entries), entries);

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
