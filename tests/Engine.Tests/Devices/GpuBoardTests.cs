using System.Diagnostics.Metrics;
using Layerbench.Core;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Tests.Stores;

namespace Layerbench.Engine.Tests.Devices;

/// <summary>GPUs as metrics, through a stand-in for NVML.</summary>
public sealed class GpuBoardTests
{
    private static readonly DeviceInfo[] devices =
    [
        new(new DeviceId("cpu"), "cpu", "a CPU", [], 1L << 30),
        new(new DeviceId("cuda:1"), "cuda", "a GPU", [], 80L << 30) { Uuid = "GPU-1111" },
        new(new DeviceId("cuda:2"), "cuda", "one that NVML does not know", [], 80L << 30) { Uuid = "GPU-7111" },
    ];

    [Fact]
    public async Task PowerClockMemoryAndTheTimeThatAGpuWasSlowedDownAreShown()
    {
        using var folder = new ScratchFolder();
        using var board = new GpuBoard("n7", devices, FakeNvml.Compile(folder), TimeSpan.FromMilliseconds(10));
        var shown = new Dictionary<string, double>();
        using var listener = Listen(shown);

        await UntilAsync(listener, () => shown.Count == 6);

        shown.ShouldBe(
            new Dictionary<string, double>
            {
                ["layerbench.gpu.info node=n7 device=cuda:1 uuid=GPU-1111"] = 1,
                ["layerbench.gpu.info node=n7 device=cuda:2 uuid=GPU-7111"] = 1,
                ["layerbench.gpu.power node=n7 device=cuda:1"] = 412.3,
                ["layerbench.gpu.clock node=n7 device=cuda:1"] = 1.98e9,
                ["layerbench.gpu.memory.used node=n7 device=cuda:1"] = 1073741824,
                ["layerbench.gpu.throttle node=n7 device=cuda:1"] = 0,
            },
            ignoreOrder: true
        );

        await File.WriteAllTextAsync(folder.File("hot"), "", TestContext.Current.CancellationToken);
        await UntilAsync(listener, () => shown["layerbench.gpu.throttle node=n7 device=cuda:1"] > 0);
        shown["layerbench.gpu.clock node=n7 device=cuda:1"].ShouldBe(1.2e9);
    }

    [Fact]
    public void WithoutNvmlItIsKnownWhichTheyAreAndNothingMore()
    {
        using var board = new GpuBoard("n8", devices, "libnowhere.so", TimeSpan.FromMilliseconds(10));
        var shown = new Dictionary<string, double>();
        using var listener = Listen(shown);

        listener.RecordObservableInstruments();

        shown
            .Keys.Where(k => k.Contains("n8", StringComparison.Ordinal))
            .ShouldBe([
                "layerbench.gpu.info node=n8 device=cuda:1 uuid=GPU-1111",
                "layerbench.gpu.info node=n8 device=cuda:2 uuid=GPU-7111",
            ]);
    }

    /// <summary>Of all boards of this process that name a node of these tests.</summary>
    private static MeterListener Listen(Dictionary<string, double> shown)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name.StartsWith("layerbench.gpu.", StringComparison.Ordinal))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>(
            (instrument, value, tags, _) => shown[Key(instrument, tags)] = value
        );
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) => shown[Key(instrument, tags)] = value
        );
        listener.Start();
        return listener;
    }

    private static string Key(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))}";

    private static async Task UntilAsync(MeterListener listener, Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
            listener.RecordObservableInstruments();
        }
    }
}
