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
}
