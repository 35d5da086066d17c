using System.Text;

namespace Layerbench.Worker.Generator;

/// <summary>CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320), as zlib's <c>crc32</c>; over a tensor's name.</summary>
internal static class Crc32
{
    public static uint Of(string text)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }
        }

        return ~crc;
    }
}
