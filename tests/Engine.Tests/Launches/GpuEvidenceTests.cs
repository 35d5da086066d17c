using Layerbench.Core;
using Layerbench.Core.Analysis;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Tests.Devices;
using Layerbench.Engine.Tests.Stores;
using Layerbench.Engine.Tests.Workers;

namespace Layerbench.Engine.Tests.Launches;

public sealed class GpuEvidenceTests : IAsyncDisposable
{
    private static readonly DeviceInfo gpu = new(new DeviceId("cuda:1"), "cuda", "Fake GPU", [], 1L << 33, "GPU-1111");

    private readonly Bench bench = new();
    private readonly ScratchFolder folder = new();

    public async ValueTask DisposeAsync()
    {
        await bench.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task BlocksDuringWhichTheGpuWasSlowedDownAreSetAsideWithTheReason()
    {
        bench.NvmlLibrary = FakeNvml.Compile(folder);
        bench.Device = gpu;
        bench.Workers = new FakeWorker("--nvml", folder.Path);
        bench.Measure = bench.Measure with { Launches = 1, Blocks = 12, MemoryLaunches = 0 };

        await bench.RunAsync(Cells.Fake(0));

        var launch = (await bench.LaunchesAsync(Cells.Fake(0))).ShouldHaveSingleItem();
        launch
            .Samples.Where(s => !s.Accepted)
            .Select(s => (s.Block, s.Reason))
            .Distinct()
            .ShouldBe([(2, "gpu hw_thermal_slowdown 1200 MHz 91 C 412 W"), (4, "gpu clock 1700 MHz 60 C 412 W")]);
        launch.Samples.Count(s => !s.Accepted).ShouldBe(4);
        var with = CellAnalysis.Of(["a", "b"], "a", [launch], new AnalysisRule());
        (with.SetAside, with.Blocks).ShouldBe((new SetAside(0, 0, 2), 12));
        var without = CellAnalysis.Of(["a", "b"], "a", [launch], new AnalysisRule { Exclusions = false });
        (without.SetAside.All, without.Estimate!.Variants[0].Accepted).ShouldBe((0, 1.0));
    }

    [Fact]
    public async Task WithoutNvmlNothingIsSetAside()
    {
        bench.NvmlLibrary = folder.File("no-such-library.so");
        bench.Device = gpu;
        bench.Measure = bench.Measure with { Launches = 1, MemoryLaunches = 0 };

        await bench.RunAsync(Cells.Fake(0));

        (await bench.LaunchesAsync(Cells.Fake(0))).Single().Samples.ShouldAllBe(s => s.Accepted);
    }

    [Fact]
    public void AGpuThatTheLibraryDoesNotKnowIsNotWatched() =>
        GpuWatch.Start(FakeNvml.Compile(folder), "GPU-9111", TimeSpan.FromSeconds(1)).ShouldBeNull();

    [Fact]
    public void AReadingTellsClockReasonsTemperatureAndPower()
    {
        var library = FakeNvml.Compile(folder);
        using var watch = GpuWatch.Start(library, "GPU-0111", TimeSpan.FromHours(1));
        watch!.ReadNow();
        File.WriteAllText(folder.File("hot"), "");
        watch.ReadNow();
        File.Delete(folder.File("hot"));

        var readings = watch.Readings;
        readings[^2].ShouldBe(new GpuReading(readings[^2].AtNanoseconds, 1980, (GpuSlowdown)4, 60, 412.3));
        readings[^1].ShouldBe(new GpuReading(readings[^1].AtNanoseconds, 1200, (GpuSlowdown)0x48, 91, 412.3));
        readings[^1].AtNanoseconds.ShouldBeGreaterThan(readings[^2].AtNanoseconds);
    }
}
