using System.Globalization;

namespace Layerbench.Cluster.Tests;

/// <summary>Processes that a process has started and that live, as the kernel says.</summary>
internal static class Children
{
    public static IReadOnlyList<int> Of(int parent) =>
        [.. Processes().Where(p => p.Parent == parent).Select(p => p.Id)];

    public static bool IsAlive(int process) => Processes().Any(p => p.Id == process);

    /// <summary>Zombies are dead, and wait for whoever collects them.</summary>
    private static IEnumerable<(int Id, int Parent)> Processes()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
            {
                continue;
            }

            string[] fields;
            try
            {
                // After the name, which may hold blanks: state, parent, … (man proc_pid_stat)
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            }
            catch (IOException)
            {
                continue; // it has ended meanwhile
            }

            if (fields[0] != "Z")
            {
                yield return (id, int.Parse(fields[1], CultureInfo.InvariantCulture));
            }
        }
    }
}
