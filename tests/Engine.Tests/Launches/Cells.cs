using System.Globalization;
using Layerbench.Core;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps;
using Layerbench.Engine.Simulated;
using Layerbench.Engine.Tests.Workers;

namespace Layerbench.Engine.Tests.Launches;

/// <summary>Cells to run, of the fake worker or of the simulation.</summary>
internal static class Cells
{
    public static MeasureSpec Measure { get; } =
        new()
        {
            Launches = 2,
            Blocks = 3,
            MemoryLaunches = 1,
            CellTimeout = TimeSpan.FromSeconds(30),
        };

    /// <summary>Two variants of the fake worker.</summary>
    /// <param name="behave">What the worker does when the cell is measured.</param>
    /// <param name="once">A path: it does so only while no file is there.</param>
    public static Cell Fake(int index, string? behave = null, string? once = null)
    {
        var parameters = new Dictionary<string, AxisValue>(StringComparer.Ordinal);
        if (behave is not null)
        {
            parameters["behave"] = AxisValue.Of(behave);
        }

        if (once is not null)
        {
            parameters["once"] = AxisValue.Of(once);
        }

        return Of(index, FakeWorker.Backend, "fake.one", parameters);
    }

    /// <summary>Two variants of the fake worker, to be trained for 100 steps; each learns as much as its learning rate.</summary>
    public static Cell Trained(int index, double rate = 0.5, string? behave = null, string? once = null)
    {
        var timed = Fake(index, behave, once);
        return timed with
        {
            IsQuality = true,
            Point = new Point(
                [.. timed.Point.Names.Where(n => n != "n"), "learning_rate", "classes", "steps"],
                [
                    AxisValue.Of("learn"),
                    .. timed.Point.Values.Skip(1).SkipLast(1),
                    AxisValue.Of(rate),
                    AxisValue.Of(4),
                    AxisValue.Of(100),
                ]
            ),
            Variants =
            [
                .. timed.Variants.Select(v =>
                    v with
                    {
                        Parameters = new Dictionary<string, AxisValue>(v.Parameters, StringComparer.Ordinal)
                        {
                            ["learning_rate"] = AxisValue.Of(rate),
                        },
                    }
                ),
            ],
        };
    }

    public static Cell Simulated(int index, params (string Name, AxisValue Value)[] parameters) =>
        Of(
            index,
            SimulatedBackend.Name,
            SimulatedBackend.Cost,
            parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)
        );

    public static Cell Noop(int index) =>
        Of(
            index,
            SimulatedBackend.Name,
            SimulatedBackend.Noop,
            new Dictionary<string, AxisValue>(StringComparer.Ordinal) { ["replicate"] = AxisValue.Of(index) }
        );

    public static Slice Slice(int attempt, params IReadOnlyList<Cell> cells) =>
        new(
            new LeaseToken(string.Create(CultureInfo.InvariantCulture, $"lease-{attempt}")),
            FakeWorker.Cpu.Id,
            attempt,
            cells,
            DateTimeOffset.MaxValue
        );

    private static readonly string[] Axes = ["pass", "backend", "dtype", "threads", "n"];

    private static Cell Of(
        int index,
        string backend,
        string variant,
        IReadOnlyDictionary<string, AxisValue> parameters
    ) =>
        new(
            index,
            new CellId(index.ToString("x16", CultureInfo.InvariantCulture)),
            new Point(
                Axes,
                [
                    AxisValue.Of("forward"),
                    AxisValue.Of(backend),
                    AxisValue.Of("float32"),
                    AxisValue.Of(1L),
                    AxisValue.Of((long)index),
                ]
            ),
            [new VariantUse("a", variant, parameters), new VariantUse("b", variant, parameters)],
            "a"
        );
}
