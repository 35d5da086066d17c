using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Layerbench.Cli.Tests;

/// <summary>Sweeps on the simulated backend, and what their stores hold.</summary>
internal static class SimulatedSweep
{
    public const int Launches = 6;
    public const int MemoryLaunches = 3;

    /// <summary>Two variants of known cost, the second 0.87 times the first, over this many cells.</summary>
    public static string Yaml(int cells, string fault = "none", int launches = Launches) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            name: sim
            variants:
              - variant: sim.cost
                label: base
                with: { cost_us: 100 }
              - variant: sim.cost
                label: other
                with: { cost_us: 87 }
            backend: simulated
            axes:
              replicate: { range: { from: 1, to: {{cells}} } }
              fault: {{fault}}
            measure:
              launches: {{launches}}
              memory_launches: {{MemoryLaunches}}
              blocks: 10
            controls: {same: 0, slower: 0}
            """
        );

    /// <summary>Launches that are kept: what each is of, and when and under which row it was written.</summary>
    public static IReadOnlyList<(string Launch, string Row)> Stored(string folder)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(folder, "layerbench.db")};Pooling=false"
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            select cell_id || '/' || kind || '/' || number, launch_id || '@' || started_us
            from launches where superseded = 0 order by launch_id
            """;
        using var reader = command.ExecuteReader();
        List<(string, string)> found = [];
        while (reader.Read())
        {
            found.Add((reader.GetString(0), reader.GetString(1)));
        }

        return found;
    }
}
