using System.Diagnostics;
using Layerbench.Core;
using Layerbench.Engine.Devices;
using Layerbench.Engine.Tests.Stores;
using Layerbench.Engine.Tests.Workers;

namespace Layerbench.Engine.Tests.Devices;

public sealed class DeviceLockTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DeviceInfo Cpus(params int[] cpus) => new(new DeviceId("cpu"), "cpu", "C", cpus, 1);

    private Task<DeviceLock> AcquireAsync(DeviceInfo device, Action<string>? onBusy = null) =>
        DeviceLock.AcquireAsync(
            device,
            folder.File("locks"),
            TimeProvider.System,
            onBusy ?? (holder => throw new InvalidOperationException($"busy: {holder}")),
            Cancellation
        );

    [Fact]
    public async Task DisjointCpuSetsAreHeldSideBySide()
    {
        using var one = await AcquireAsync(Cpus(0, 1));
        using var other = await AcquireAsync(Cpus(2, 3));
    }

    [Fact]
    public async Task AnOverlappingSetWaitsForItsHolderAndIsToldWhoThatIs()
    {
        var busy = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await AcquireAsync(Cpus(0, 1));
        var second = AcquireAsync(Cpus(1, 2), h => busy.TrySetResult(h));
        (await busy.Task).ShouldMatch($"^process {Environment.ProcessId} \\(.+\\) since .*Z \\(cpu-1\\)$");
        second.IsCompleted.ShouldBeFalse();
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task WhoHasADeviceCanBeAskedWithoutTakingIt()
    {
        DeviceLock.HolderOf(Cpus(0, 1), folder.File("locks")).ShouldBeNull("nobody ever had it");
        var held = await AcquireAsync(Cpus(1, 2));

        var holder = DeviceLock.HolderOf(Cpus(0, 1), folder.File("locks")).ShouldNotBeNull();
        holder.Text.ShouldMatch($"^process {Environment.ProcessId} \\(.+\\) since .*Z$");
        holder.ProcessId.ShouldBe(Environment.ProcessId);
        new DeviceHolder("an unknown process").ProcessId.ShouldBeNull();
        DeviceLock.HolderOf(Cpus(0), folder.File("locks")).ShouldBeNull();
        held.Dispose();
        DeviceLock.HolderOf(Cpus(0, 1), folder.File("locks")).ShouldBeNull("its files stay, and nobody holds them");
    }

    [Fact]
    public async Task WaitingEndsWhenItIsToldTo()
    {
        using var ending = new CancellationTokenSource();
        using var first = await AcquireAsync(Cpus(0));
        await Should.ThrowAsync<OperationCanceledException>(() =>
            DeviceLock.AcquireAsync(
                Cpus(0),
                folder.File("locks"),
                TimeProvider.System,
                _ => ending.Cancel(),
                ending.Token
            )
        );
    }

    [Fact]
    public async Task TheLockOfAnotherProcessIsRespectedAndDiesWithIt()
    {
        (await AcquireAsync(Cpus(0))).Dispose();
        var path = Path.Combine(folder.File("locks"), "cpu-0");
        using var other = Process.Start(
            new ProcessStartInfo(
                FakeWorker.Python,
                [
                    "-c",
                    $"import fcntl, time; f = open('{path}', 'r+'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); time.sleep(600)",
                ]
            )
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        (await other.StandardOutput.ReadLineAsync(Cancellation)).ShouldBe("held");
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = AcquireAsync(Cpus(0), _ => busy.TrySetResult());
        await busy.Task;
        waiting.IsCompleted.ShouldBeFalse();
        other.Kill();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task EveryoneMayTakePartInTheLocking()
    {
        using var held = await AcquireAsync(Cpus(3));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are Unix's");
#pragma warning disable CA1416 // skipped above
        File.GetUnixFileMode(folder.File("locks")).ShouldBe((UnixFileMode)0b001_111_111_111);
        File.GetUnixFileMode(Path.Combine(folder.File("locks"), "cpu-3")).ShouldBe((UnixFileMode)0b110_110_110);
#pragma warning restore CA1416
    }

    [Fact]
    public async Task AGpuIsLockedByItsUuidAndASimulatedDeviceNotAtAll()
    {
        var gpu = new DeviceInfo(new DeviceId("cuda:0"), "cuda", "G", [0], 1, "GPU-7");
        var simulated = new DeviceInfo(new DeviceId("simulated:0"), "simulated", "S", [], 1);
        using (await AcquireAsync(gpu))
        using (await AcquireAsync(Cpus(0)))
        using (await AcquireAsync(simulated))
        using (await AcquireAsync(simulated))
        {
            Directory
                .GetFiles(folder.File("locks"))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
                .ShouldBe(["cpu-0", "cpu-0.holder", "gpu-GPU-7", "gpu-GPU-7.holder"]);
        }
    }
}
