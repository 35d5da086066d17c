using Layerbench.Core;
using Layerbench.Silo.Nodes;

namespace Layerbench.Cluster.Tests;

public sealed class NodeDevicesTests
{
    private static readonly DeviceInfo cpu = new(new DeviceId("cpu"), "cpu", "EPYC", [0, 1, 2, 3], 64L << 30);
    private static readonly DeviceInfo gpu = new(
        new DeviceId("cuda:0"),
        "cuda",
        "H100",
        [0, 1, 2, 3],
        80L << 30,
        "GPU-1"
    );

    [Fact]
    public void WithoutAPatternTheNodeHasItsGpusOrElseItsCpus()
    {
        Ids([], cpu, gpu).ShouldBe(["cuda:0"]);
        Ids([], cpu).ShouldBe(["cpu"]);
        Ids(["none"], cpu, gpu).ShouldBeEmpty();
        Ids(["cuda", "cpu:0-1"], cpu, gpu).ShouldBe(["cuda:0", "cpu:0-1"]);
    }

    [Fact]
    public void ACpuSetThatLeavesCpusToOthersSaysThatItShares()
    {
        NodeDevices.Resolve(["cpu:0-1"], [cpu]).Devices.Single().Shared.ShouldBeTrue();
        NodeDevices.Resolve(["cpu"], [cpu]).Devices.Single().Shared.ShouldBeFalse();
    }

    [Theory]
    [InlineData(
        "Devices: 'cpu:0-2' and 'cpu:2-3' both have CPU 2; a CPU can be measured by one device at a time: make the sets disjoint",
        "cpu:0-2",
        "cpu:2-3"
    )]
    [InlineData("Devices: 'cpu:7' has CPU 7, which this process may not use; choose among 0-3", "cpu:7")]
    [InlineData(
        "Devices: 'cuda:1' names no device of this machine; it has cpu (CPUs 0-3), auto, simulated:N",
        "cuda:1"
    )]
    [InlineData(
        "Devices: 'none' names no device of this machine; it has cpu (CPUs 0-3), auto, simulated:N",
        "cpu",
        "none"
    )]
    public void WhatIsWrongIsNamedUnderTheSetting(string error, params string[] patterns) =>
        NodeDevices.Resolve(patterns, [cpu]).Errors.ShouldBe([error]);

    private static IEnumerable<string> Ids(string[] patterns, params DeviceInfo[] available) =>
        NodeDevices.Resolve(patterns, available).Devices.Select(d => d.Id.Value);
}
