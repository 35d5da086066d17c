using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Layerbench.Core.Sweeps;

/// <summary>
/// Names a cell by its content. Hashed (SHA-256, first 16 hex digits) is this UTF-8 text, each line ended by \n:
/// <code>
/// layerbench cell 1
/// NAME=VALUE            every axis of the point, sorted by name (ordinal), values in canonical text
/// variant LABEL         for each variant, in the sweep's order (samples name a variant by its place)
/// VARIANT
/// NAME=VALUE            its resolved parameters, sorted by name
/// baseline LABEL
/// </code>
/// In values a backslash is written \\ and a line feed \n.
/// </summary>
internal static class CellIdentity
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    public static CellId Of(
        IEnumerable<(string Name, AxisValue Value)> sortedPoint,
        IReadOnlyList<VariantUse> variants,
        string baseline
    )
    {
        // One buffer for a thread's cells: naming one must not cost more than making it.
        var text = buffer ??= new(1024);
        text.ResetWrittenCount();
        Append(text, "layerbench cell 1\n");
        foreach (var (name, value) in sortedPoint)
        {
            Append(text, name, value);
        }

        foreach (var use in variants)
        {
            Append(text, "variant ");
            Append(text, use.Label);
            Append(text, "\n");
            Append(text, use.Variant);
            Append(text, "\n");
            // Made by the plan in sorted order.
            foreach (var (name, value) in use.Parameters)
            {
                Append(text, name, value);
            }
        }

        Append(text, "baseline ");
        Append(text, baseline);
        Append(text, "\n");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.WrittenSpan, hash);
        return new(Convert.ToHexStringLower(hash[..8]));
    }

    private static void Append(ArrayBufferWriter<byte> text, string part) => Encoding.UTF8.GetBytes(part, text);

    private static void Append(ArrayBufferWriter<byte> text, string name, AxisValue value)
    {
        var canonical = value.Canonical;
        if (value.IsText && canonical.AsSpan().IndexOfAny('\\', '\n') >= 0)
        {
            canonical = canonical
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal);
        }

        Append(text, name);
        Append(text, "=");
        Append(text, canonical);
        Append(text, "\n");
    }
}
