using Layerbench.Core;
using Layerbench.Core.Catalog;
using Layerbench.Core.Results;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Layerbench.Grains;
using Layerbench.Silo.Simulated;
using Layerbench.SweepFiles;

namespace Layerbench.Silo.Planning;

/// <summary>Plans sweep files, the way the command does, and <c>simulated: N</c>.</summary>
internal sealed class NodePlanner : ISweepPlanner
{
    public PlannedSweep Plan(SweepRecord sweep, VariantCatalog catalog)
    {
        if (SimulatedSweep.Read(sweep) is { } simulated)
        {
            return new PlannedSweep(new SimulatedCells(simulated), Measure: null, Backends: [], DeviceSelector.Any)
            {
                SliceCells = simulated.SliceCells,
            };
        }

        try
        {
            var spec = ClusterSweep.Load(sweep, catalog).Spec;
            return new PlannedSweep(
                SweepPlan.Create(spec, catalog),
                spec.Measure,
                BackendsOf(spec),
                DeviceSelector.OfPatterns(spec.Devices)
            );
        }
        catch (BadInputException wrong)
        {
            throw new ArgumentException(string.Join('\n', [.. wrong.Messages, .. wrong.Notes]), wrong);
        }
    }

    private static IReadOnlyList<string> BackendsOf(SweepSpec spec) =>
        [.. spec.Axes.OfType<AxisSpec.Listed>().First(a => a.Name == "backend").Values.Select(v => v.Text)];
}
