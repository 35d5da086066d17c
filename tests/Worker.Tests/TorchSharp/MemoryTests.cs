using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.TorchSharp;

public sealed class MemoryTests
{
    [Fact]
    public async Task ThePeakOfAForwardPassIsWhatItsTensorsTake()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["MALLOC_MMAP_THRESHOLD_"] = "65536",
                ["MALLOC_TRIM_THRESHOLD_"] = "65536",
            }
        );
        // 4096 tokens: 2 MiB of them, 8 MiB of hidden units.
        var parameters = Requests.Small(batch: 16, seqLen: 256, dModel: 128, dFf: 512);
        await worker.AskAsync<Reply.Prepared>(
            Requests.Prepare(["ffn.dense", "bench.empty"], gate: false, parameters: parameters)
        );

        var memory = await worker.AskAsync<Reply.Memory>(new Request.MeasureMemory("c1"));

        memory.Method.ShouldBe("vmhwm");
        // Two hidden tensors live at once, while ReLU runs; the rest is the library's own.
        ((double)memory.PeakBytes[0] / (16 << 20)).ShouldBeInRange(0.95, 1.15);
        memory.PeakBytes[1].ShouldBeLessThan(1 << 20);
    }
}
