using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Layerbench.Core.Access;

/// <summary>
/// A bearer token: 256 random bits, as text. Servers keep its SHA-256 alone, so that a token file that is read by others
/// gives nobody in; the bits are random, so a slow hash would add nothing.
/// </summary>
public static class AccessToken
{
    /// <summary>Bytes of a token.</summary>
    public const int Size = 32;

    /// <summary>Begins every token, so that a scanner can find one that got into a file or a log.</summary>
    public const string Prefix = "lbt_";

    /// <param name="random">From a cryptographic generator, <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public static string Of(ReadOnlySpan<byte> random) =>
        random.Length == Size
            ? Prefix + Base64Url.EncodeToString(random)
            : throw new ArgumentException($"A token has {Size} bytes, not {random.Length}.", nameof(random));

    /// <summary>SHA-256 of the token's text, 64 hex digits in lower case.</summary>
    public static string HashOf(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
