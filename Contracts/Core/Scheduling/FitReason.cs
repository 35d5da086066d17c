using System.Globalization;

namespace Layerbench.Core.Scheduling;

/// <summary>Why a cell fits no device, in words and sizes.</summary>
internal static class FitReason
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string Words(double neededBytes, long largestBytes) =>
        $"needs about {Size(neededBytes)}, the largest device has {Size(largestBytes)}; "
        + "fewer sequences or a smaller width fit";

    /// <summary>A size with one decimal in the largest binary unit below it: <c>12.3 GiB</c>.</summary>
    public static string Size(double bytes)
    {
        var unit = 0;
        while (bytes >= 1024 && unit < Units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:F1} {Units[unit]}");
    }
}
