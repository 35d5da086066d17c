using Layerbench.Core;
using Layerbench.Engine.Devices;

namespace Layerbench.Engine.Tests.Devices;

public sealed class DeviceSelectionTests
{
    private static readonly DeviceInfo Cpu = new(new DeviceId("cpu"), "cpu", "C", [0, 1, 2, 3], 1000);
    private static readonly DeviceInfo Gpu0 = new(new DeviceId("cuda:0"), "cuda", "G", [0, 1, 2, 3], 80, "GPU-0");
    private static readonly DeviceInfo Gpu1 = Gpu0 with { Id = new DeviceId("cuda:1"), Uuid = "GPU-1" };

    private static IEnumerable<string> Chosen(params string[] patterns) =>
        DeviceSelection.Resolve(patterns, [Cpu, Gpu0, Gpu1]).Devices.Select(d => d.Id.Value);

    private static IReadOnlyList<string> Errors(params string[] patterns) =>
        DeviceSelection.Resolve(patterns, [Cpu, Gpu0, Gpu1]).Errors;

    [Fact]
    public void AutoIsAllGpusOrElseTheCpu()
    {
        Chosen("auto").ShouldBe(["cuda:0", "cuda:1"]);
        DeviceSelection.Resolve(["auto"], [Cpu]).Devices.ShouldBe([Cpu]);
    }

    [Fact]
    public void GpusAreChosenOneByOneOrAllOnce()
    {
        Chosen("cuda:1").ShouldBe(["cuda:1"]);
        Chosen("cuda:1", "cuda:*").ShouldBe(["cuda:1", "cuda:0"]);
        Chosen("cpu", "cuda:0").ShouldBe(["cpu", "cuda:0"]);
    }

    [Fact]
    public void ACpuSetAloneIsNotSharedAndSetsSideBySideAre()
    {
        var alone = DeviceSelection.Resolve(["cpu:2,0"], [Cpu]).Devices.Single();
        alone.Id.Value.ShouldBe("cpu:0,2");
        alone.Cpus.ShouldBe([0, 2]);
        alone.Shared.ShouldBeFalse();
        alone.MemoryBytes.ShouldBe(1000);

        var both = DeviceSelection.Resolve(["cpu:0-1", "cpu:2-3"], [Cpu]).Devices;
        both.Select(d => (d.Id.Value, d.Shared, d.MemoryBytes))
            .ShouldBe([("cpu:0-1", true, 500), ("cpu:2-3", true, 500)]);
    }

    [Fact]
    public void SimulatedDevicesAreCounted()
    {
        Chosen("simulated:3").ShouldBe(["simulated:0", "simulated:1", "simulated:2"]);
        Chosen("simulated").ShouldBe(["simulated:0"]);
    }

    [Fact]
    public void AnUnknownDeviceIsAnsweredWithThoseThereAre()
    {
        const string there = "it has cpu (CPUs 0-3), cuda:0, cuda:1, auto, simulated:N";
        Errors("cuda:7").ShouldBe([$"devices: 'cuda:7' names no device of this machine; {there}"]);
        Errors("tpu").ShouldBe([$"devices: 'tpu' names no device of this machine; {there}"]);
        DeviceSelection
            .Resolve(["cuda:*"], [Cpu])
            .Errors.ShouldBe([
                "devices: 'cuda:*' names no device of this machine; it has cpu (CPUs 0-3), auto, simulated:N",
            ]);
    }

    [Fact]
    public void EverythingWrongIsToldAtOnce() =>
        Errors("cpu:0-1", "cpu:1-2", "cpu:x", "cpu:9", "simulated:0")
            .ShouldBe([
                "devices: 'cpu:x' is no list of CPUs; write cpu:0-3 or cpu:0,2",
                "devices: 'cpu:9' has CPU 9, which this process may not use; choose among 0-3",
                "devices: 'simulated:0' must count 1 to 10000 devices; write simulated:64",
                "devices: 'cpu:0-1' and 'cpu:1-2' both have CPU 1; a CPU can be measured by one device at a time: make the sets disjoint",
            ]);

    [Fact]
    public void SimulatedDevicesDoNotStandBesideRealOnes() =>
        Errors("cpu", "simulated:2")
            .ShouldBe([
                "devices: simulated devices stand beside real ones, whose time would run at another pace; run them apart",
            ]);
}
