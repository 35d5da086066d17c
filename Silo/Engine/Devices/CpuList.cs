using System.Globalization;
using System.Text;

namespace Layerbench.Engine.Devices;

/// <summary>The kernel's list format for CPUs, <c>0-3,8</c> (man cpuset, "List format"); also what a device pattern takes.</summary>
public static class CpuList
{
    /// <summary>Highest CPU number that is read; a guard against ranges that would fill memory.</summary>
    private const int MaximumCpu = 65535;

    /// <summary>Ascending and without repetition; null where the text is no list.</summary>
    public static IReadOnlyList<int>? TryParse(string text)
    {
        var cpus = new SortedSet<int>();
        foreach (var part in text.Trim().Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryCpu(ends[0], out var first) || !TryCpu(ends[^1], out var last) || last < first)
            {
                return null;
            }

            for (var cpu = first; cpu <= last; cpu++)
            {
                cpus.Add(cpu);
            }
        }

        return [.. cpus];
    }

    /// <summary>The shortest text of the set: <c>0-3,8</c>.</summary>
    public static string Format(IEnumerable<int> cpus)
    {
        var sorted = cpus.Distinct().Order().ToList();
        var text = new StringBuilder();
        for (var i = 0; i < sorted.Count; )
        {
            var end = i;
            while (end + 1 < sorted.Count && sorted[end + 1] == sorted[end] + 1)
            {
                end++;
            }

            text.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{sorted[i]}");
            if (end > i)
            {
                text.Append(CultureInfo.InvariantCulture, $"-{sorted[end]}");
            }

            i = end + 1;
        }

        return text.ToString();
    }

    private static bool TryCpu(string text, out int cpu) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out cpu) && cpu <= MaximumCpu;
}
