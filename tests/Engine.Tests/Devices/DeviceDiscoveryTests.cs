using Layerbench.Core;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Tests.Stores;

namespace Layerbench.Engine.Tests.Devices;

public sealed class DeviceDiscoveryTests : IDisposable
{
    private const string NoLibrary = "libnvidia-ml-that-is-not-there.so.1";

    private readonly FakeMachine machine = new();

    public void Dispose() => machine.Dispose();

    private DeviceInfo Cpu() => new DeviceDiscovery(machine.Files, NoLibrary, null).Find().Single();

    [Fact]
    public void WithoutLimitsTheCpuDeviceIsTheWholeMachine()
    {
        var cpu = Cpu();
        cpu.ShouldBe(new DeviceInfo(new DeviceId("cpu"), "cpu", "Test CPU 9000", cpu.Cpus, 1_024_000_000));
        cpu.Cpus.ShouldBe([0, 1, 2, 3, 4, 5, 6, 7]);
    }

    [Fact]
    public void AffinityLimitsTheCpus()
    {
        machine.Write("proc/self/status", "Cpus_allowed_list:\t2,5-6\n");
        Cpu().Cpus.ShouldBe([2, 5, 6]);
    }

    [Fact]
    public void AQuotaOfAnAncestorInCgroupV2LimitsTheCpusToWholeOnes()
    {
        machine
            .Write("proc/self/cgroup", "0::/kubepods/pod1\n")
            .Write("sys/fs/cgroup/kubepods/cpu.max", "250000 100000\n")
            .Write("sys/fs/cgroup/kubepods/pod1/cpu.max", "max 100000\n")
            .Write("sys/fs/cgroup/kubepods/pod1/memory.max", "500000000\n")
            .Write("sys/fs/cgroup/memory.max", "max\n");
        Cpu().Cpus.ShouldBe([0, 1]);
        Cpu().MemoryBytes.ShouldBe(500_000_000);
    }

    [Fact]
    public void AQuotaInCgroupV1IsFoundWhereOnlyTheRootIsMounted()
    {
        machine
            .Write("proc/self/cgroup", "4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n1:name=systemd:/x\n")
            .Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "50000\n")
            .Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")
            .Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "200000000\n");
        Cpu().Cpus.ShouldBe([0]);
        Cpu().MemoryBytes.ShouldBe(200_000_000);
    }

    [Fact]
    public void NoLimitInCgroupV1IsNoLimit()
    {
        machine
            .Write("proc/self/cgroup", "4:memory:/\n3:cpu:/\n")
            .Write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n")
            .Write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n")
            .Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Cpu().Cpus.Count.ShouldBe(8);
        Cpu().MemoryBytes.ShouldBe(1_024_000_000);
    }

    [Fact]
    public void OutOfMemoryKillsAreCountedWhereverTheKernelCountsThem()
    {
        machine
            .Write("proc/self/cgroup", "0::/a\n")
            .Write("proc/vmstat", "nr_free_pages 1\noom_kill 4\n")
            .Write("sys/fs/cgroup/a/memory.events", "low 0\noom 9\noom_kill 2\noom_group_kill 0\n");
        new Cgroup(machine.Files).OutOfMemoryKills().ShouldBe(6);
    }

    [Fact]
    public void ThisMachineHasACpuDeviceThatThisProcessMayUse()
    {
        var cpu = DeviceDiscovery.OfThisMachine().Find()[0];
        cpu.Cpus.Count.ShouldBeInRange(1, Environment.ProcessorCount);
        cpu.MemoryBytes.ShouldBeInRange(1L << 27, 1L << 50);
    }

    [Fact]
    public void GpusAreReadFromNvmlAndHiddenOnesLeftOut()
    {
        using var folder = new ScratchFolder();
        var library = FakeNvml.Compile(folder);
        var all = new DeviceDiscovery(machine.Files, library, visibleGpus: null).Find();
        all.Select(d => d.Id.Value).ShouldBe(["cpu", "cuda:0", "cuda:1"]);
        all[2]
            .ShouldBe(
                new DeviceInfo(new DeviceId("cuda:1"), "cuda", "Fake GPU 1", all[2].Cpus, 85_899_345_920, "GPU-1111")
            );
        Ids(library, "1").ShouldBe(["cpu", "cuda:1"]);
        Ids(library, "GPU-0").ShouldBe(["cpu", "cuda:0"]);
        Ids(library, "").ShouldBe(["cpu"]);
        Ids(library, "-1,0").ShouldBe(["cpu"]);
    }

    private IEnumerable<string> Ids(string library, string visible) =>
        new DeviceDiscovery(machine.Files, library, visible).Find().Select(d => d.Id.Value);
}
