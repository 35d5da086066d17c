using Layerbench.Core;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;

namespace Layerbench.Cli.Sweeping;

/// <summary>What a sweep can be run with here: the backends that were found, and the devices.</summary>
internal sealed record Workplace(WorkerCatalog Catalog, IReadOnlyList<DeviceInfo> Available)
{
    public static async Task<Workplace> FindAsync(string? python, CancellationToken cancellation) =>
        new(
            await WorkerCatalog.DiscoverAsync(WorkerSearch.Default with { Python = python }, cancellation),
            DeviceDiscovery.OfThisMachine().Find()
        );

    /// <summary>The devices that the sweep names.</summary>
    /// <exception cref="BadInputException">A pattern names none, or two overlap.</exception>
    public IReadOnlyList<DeviceInfo> DevicesOf(SweepSpec spec)
    {
        var patterns = spec.Devices;
        // A sweep that is simulated throughout needs no real device, and must not wait for one.
        if (patterns is ["auto"] && IsSimulated(spec))
        {
            patterns = ["simulated"];
        }

        var selection = DeviceSelection.Resolve(patterns, Available);
        return selection.Errors.Count == 0 ? selection.Devices : throw new BadInputException(selection.Errors);
    }

    private static bool IsSimulated(SweepSpec spec) =>
        spec.Axes.OfType<AxisSpec.Listed>().First(a => a.Name == "backend").Values
            is [{ IsText: true, Text: SimulatedBackend.Name }];
}
