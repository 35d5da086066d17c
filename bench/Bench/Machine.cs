using System.Globalization;

namespace Layerbench.Bench;

/// <summary>What a figure was measured on.</summary>
internal static class Machine
{
    public static void Print()
    {
        var model =
            File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            ?? "unknown";
        Line("machine", $"{model.Split(':')[^1].Trim()}, {Environment.ProcessorCount} CPUs");
        Line("load average", File.ReadAllText("/proc/loadavg").Trim());
        Line(".NET", Environment.Version.ToString());
    }

    public static void Title(string text) => Console.WriteLine($"\n{text}");

    public static void Line(string name, string value) => Console.WriteLine($"  {name, -52} {value}");

    public static void Line(string name, double value, string unit, string format = "N0") =>
        Line(name, $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}");

    public static long ResidentBytes(string field = "VmRSS")
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture)
            * 1024;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
