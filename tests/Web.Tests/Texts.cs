using System.Globalization;

namespace Layerbench.Web.Tests;

/// <summary>Sweeps on the simulated backend.</summary>
internal static class Texts
{
    public static string Sweep(int cells, string name = "sim", string fault = "none") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            name: {{name}}
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
              launches: 6
              memory_launches: 1
              blocks: 5
            controls: {same: 0, slower: 0}
            """
        );

    /// <summary>Three sizes by four replicates; the second variant is faster everywhere.</summary>
    public static string Grid(string question = "Which is faster?", string label = "other") =>
        $$"""
            name: grid
            question: {{Quoted(question)}}
            variants:
              - variant: sim.cost
                label: base
                with: { cost_us: 100 }
              - variant: sim.cost
                label: {{Quoted(label)}}
                with: { cost_us: 87 }
            backend: simulated
            axes:
              memory_mib: [64, 128, 256]
              replicate: [1, 2, 3, 4]
            measure:
              launches: 6
              memory_launches: 1
              blocks: 5
            controls: {same: 0, slower: 0}
            """;

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
