using Layerbench.Core;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.PyTorch;

public sealed class MemoryTests
{
    private static readonly Dictionary<string, string> MemoryLaunch = new(StringComparer.Ordinal)
    {
        ["MALLOC_MMAP_THRESHOLD_"] = "65536",
        ["MALLOC_TRIM_THRESHOLD_"] = "65536",
    };

    /// <summary>2048 tokens, 1024 hidden units.</summary>
    private static Dictionary<string, AxisValue> Known()
    {
        var parameters = Requests.Small();
        parameters["batch"] = AxisValue.Of(8);
        parameters["seq_len"] = AxisValue.Of(256);
        parameters["d_model"] = AxisValue.Of(256);
        parameters["d_ff"] = AxisValue.Of(1024);
        return parameters;
    }

    [Fact]
    public async Task TheForwardPeakIsTheTwoHiddenTensorsThatLiveAtOnce()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync(MemoryLaunch);
        await worker.AskAsync<Reply.Prepared>(
            Requests.Prepare(["ffn.dense", "ffn.conv1d"], gate: false, parameters: Known())
        );

        var memory = await worker.AskAsync<Reply.Memory>(new Request.MeasureMemory("c1"));

        // The first product and its ReLU, [2048, 1024] float32 each.
        const double Theory = 2 * 2048 * 1024 * 4;
        memory.Method.ShouldBe("vmhwm");
        memory.PeakBytes.Count.ShouldBe(2);
        memory.PeakBytes.ShouldAllBe(p => Math.Abs(p - Theory) < 0.05 * Theory);
    }

    [Fact]
    public async Task TheBackwardPeakCountsTheGradientsOfTheIteration()
    {
        await using var worker = await PyTorchWorker.StartAndGreetAsync(MemoryLaunch);
        await worker.AskAsync<Reply.Prepared>(
            Requests.Prepare(["ffn.dense"], "forward_backward", gate: false, parameters: Known())
        );

        var memory = await worker.AskAsync<Reply.Memory>(new Request.MeasureMemory("c1"));

        // Least: the saved ReLU, the gradients before and after it, and those of W2 and of b.
        const double Least = 3 * 2048 * 1024 * 4 + 256 * 1024 * 4;
        memory.PeakBytes.Single().ShouldBeInRange((long)Least, (long)(1.25 * Least));
    }

    [Fact]
    public async Task TheAllocatorOfAMemoryLaunchIsRecordedWithItsThresholds()
    {
        await using var worker = PyTorchWorker.Start(MemoryLaunch);

        var hello = await worker.AskAsync<Reply.Hello>(Requests.Hello());

        hello.Environment["allocator"].ShouldEndWith("malloc_mmap_threshold=65536 malloc_trim_threshold=65536");
    }
}
