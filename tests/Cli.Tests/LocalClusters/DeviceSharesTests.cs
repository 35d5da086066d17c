using Layerbench.Core;
using Layerbench.LocalCluster;

namespace Layerbench.Cli.Tests.LocalClusters;

public class DeviceSharesTests
{
    [Fact]
    public void CpusAreSharedOutInRunsOfNeighboursAndGpusInTurn()
    {
        var shares = DeviceShares.Of([Cpu(8), Gpu(0), Gpu(1), Gpu(2), Gpu(3)], silos: 3);

        shares.Patterns.ShouldBe([
            ["cpu:0-1", "cuda:0", "cuda:3"],
            ["cpu:2-4", "cuda:1"],
            ["cpu:5-7", "cuda:2"],
        ]);
        shares.Note.ShouldBe(
            "CPU sets of one machine share its caches and memory bandwidth: their results say 'shared'"
        );
    }

    [Fact]
    public void WhereThereAreFewerCpusThanSilosTheOthersOnlyCoordinate()
    {
        var shares = DeviceShares.Of([Cpu(2)], silos: 3);

        shares.Patterns.ShouldBe([
            ["cpu:0"],
            ["cpu:1"],
            ["none"],
        ]);
        shares.Note!.ShouldStartWith("3 silos on 2 CPUs: 1 of them without a device, to coordinate and to take over; ");
    }

    [Fact]
    public void OneSiloHasTheWholeMachineAndThereIsNothingToSay() =>
        DeviceShares
            .Of([Cpu(4)], silos: 1)
            .ShouldSatisfyAllConditions(
                s =>
                    s.Patterns.ShouldBe([
                        ["cpu:0-3"],
                    ]),
                s => s.Note.ShouldBeNull()
            );

    private static DeviceInfo Cpu(int count) =>
        new(new DeviceId("cpu"), "cpu", "a CPU", [.. Enumerable.Range(0, count)], 1L << 34);

    private static DeviceInfo Gpu(int number) =>
        new(new DeviceId($"cuda:{number}"), "cuda", "a GPU", [0], 1L << 34, $"GPU-{number}");
}
