using Layerbench.Core;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Workers;

namespace Layerbench.Cli.Sweeping;

/// <summary>What a sweep can be run with here: the backends that were found, and the devices.</summary>
internal sealed record Workplace(WorkerCatalog Catalog, IReadOnlyList<DeviceInfo> Available)
{
    /// <param name="python">From --python; one that cannot serve is an error even where another backend could.</param>
    /// <param name="extraVariants">In place of LAYERBENCH_EXTRA_VARIANTS; null: what that says.</param>
    /// <exception cref="BadInputException">The Python that was asked for cannot run the pytorch worker.</exception>
    public static async Task<Workplace> FindAsync(
        string? python,
        CancellationToken cancellation,
        string? extraVariants = null
    )
    {
        var search = WorkerSearch.Default with { Python = python, ExtraVariants = extraVariants };
        var catalog = await WorkerCatalog.DiscoverAsync(search, cancellation);
        if (python is not null && catalog.Find("pytorch") is { Problem: { } problem })
        {
            throw new BadInputException(
                $"--python: '{python}' cannot run the pytorch worker: {problem}; name a Python that has torch, "
                    + "or leave the option out"
            );
        }

        return new(catalog, DeviceDiscovery.OfThisMachine().Find());
    }

    /// <summary>With the variants of a sweep's plug-ins.</summary>
    /// <exception cref="BadInputException">A plug-in does not load, or the worker that it is for cannot be used.</exception>
    public static async Task<Workplace> FindAsync(string? python, PlugIns plugIns, CancellationToken cancellation)
    {
        var place = await FindAsync(python, cancellation, PlugInFile.Extra(plugIns.Files));
        string[] wrong = [.. PlugInFile.Problems(plugIns.Files, place.Catalog).Select(p => $"plugins: {p}")];
        return wrong.Length == 0 ? place : throw new BadInputException(wrong);
    }

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
