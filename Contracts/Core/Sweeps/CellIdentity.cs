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
    public static CellId Of(
        IEnumerable<(string Name, AxisValue Value)> sortedPoint,
        IReadOnlyList<VariantUse> variants,
        string baseline
    )
    {
        var text = new StringBuilder("layerbench cell 1\n", 512);
        foreach (var (name, value) in sortedPoint)
        {
            Append(text, name, value);
        }

        foreach (var use in variants)
        {
            text.Append("variant ").Append(use.Label).Append('\n').Append(use.Variant).Append('\n');
            // Made by the plan in sorted order.
            foreach (var (name, value) in use.Parameters)
            {
                Append(text, name, value);
            }
        }

        text.Append("baseline ").Append(baseline).Append('\n');
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return new(Convert.ToHexStringLower(hash[..8]));
    }

    private static void Append(StringBuilder text, string name, AxisValue value)
    {
        var canonical = value.Canonical;
        if (value.IsText && canonical.AsSpan().IndexOfAny('\\', '\n') >= 0)
        {
            canonical = canonical
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal);
        }

        text.Append(name).Append('=').Append(canonical).Append('\n');
    }
}
