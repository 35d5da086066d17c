using System.Diagnostics;
using Layerbench.Core.Protocol;

namespace Layerbench.Worker.Tests.TorchSharp;

public sealed class MeasureTests
{
    private const int Variant = 0;
    private const int Block = 1;
    private const int Position = 2;
    private const int Iterations = 3;
    private const int Wall = 4;
    private const int Cpu = 5;
    private const int DeviceTime = 6;
    private const int Involuntary = 7;
    private const int Pressure = 8;
    private const int Start = 9;

    [Fact]
    public async Task EveryBlockTimesEveryVariantOnceInTheOrderAskedFor()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(
            Requests.Prepare(["ffn.dense", "ffn.conv1d", "bench.empty"], "training_step")
        );

        var before = Stopwatch.GetTimestamp();
        var measured = await worker.MeasureAsync(
            Requests.Measure([
                [2, 0, 1],
                [1, 2, 0],
            ])
        );

        measured
            .Rows.Select(r => (r[Variant], r[Block], r[Position]))
            .ShouldBe([(2L, 0L, 0L), (0, 0, 1), (1, 0, 2), (1, 1, 0), (2, 1, 1), (0, 1, 2)]);
        measured.Rows.ShouldAllBe(r => r.Count == 10);
        measured.Rows.ShouldAllBe(r => r[Iterations] == measured.Warmed.Iterations[(int)r[Variant]]);
        measured.Rows.ShouldAllBe(r => r[Wall] > 0 && r[Cpu] > 0 && r[DeviceTime] == -1);
        measured.Rows.Select(r => r[Start]).ShouldBeInOrder();
        measured.Rows.ShouldAllBe(r => r[Start] >= before && r[Start] + r[Wall] <= Stopwatch.GetTimestamp());
        measured.Rows.ShouldAllBe(r => r[Involuntary] >= 0 && r[Pressure] >= -1);
        // One CPU thread: its time cannot pass the wall's by more than reading the clocks takes.
        measured.Rows.ShouldAllBe(r => r[Cpu] < r[Wall] + 1_000_000);
        measured.Measured.Seconds.ShouldBeGreaterThan(measured.Rows.Sum(r => r[Wall]) / 1e9);
    }

    [Fact]
    public async Task WarmUpGoesOnForItsMinimumAndCalibratesSamplesToTheirLength()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"], gate: false));

        var measured = await worker.MeasureAsync(
            Requests.Measure(
                [
                    [0],
                    [0],
                    [0],
                    [0],
                    [0],
                ],
                20_000_000,
                warmUpMinimum: 0.1,
                warmUpMaximum: 60
            )
        );

        measured.Warmed.Steady.ShouldBeTrue();
        measured.Warmed.Seconds.ShouldBeInRange(0.1, 60);
        measured.Warmed.Blocks.ShouldBeGreaterThanOrEqualTo(10);
        // A busy machine makes a warm-up time long and so a sample short; never by this much in all five.
        measured.Rows.Max(r => r[Wall]).ShouldBeGreaterThan(2_000_000);
        measured.Warmed.Iterations.Single().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task WarmUpEndsAtItsMaximumAfterOneBlockAndIsNotSteady()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"], gate: false));

        var measured = await worker.MeasureAsync(Requests.MeasureExactly(blocks: 3));

        measured.Warmed.Blocks.ShouldBe(1);
        measured.Warmed.Steady.ShouldBeFalse();
        measured.Warmed.Iterations.ShouldBe([1L]);
        measured.Rows.Count.ShouldBe(3);
    }

    [Fact]
    public async Task SamplesComeWhileTheMeasurementRuns()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"], gate: false));

        var measured = await worker.MeasureAsync(
            Requests.Measure([.. Enumerable.Repeat<IReadOnlyList<int>>([0], 8)], 200_000_000)
        );

        measured.Rows.Count.ShouldBe(8);
        measured.Messages.ShouldBeInRange(2, (int)Math.Ceiling(measured.Measured.Seconds / 0.25) + 1);
    }

    [Fact]
    public async Task AnEpochIsAlwaysOneIteration()
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"], "seed_epoch"));

        var measured = await worker.MeasureAsync(
            Requests.Measure(
                [
                    [0],
                    [0],
                ],
                1_000_000_000
            )
        );

        measured.Warmed.Iterations.ShouldBe([1L]);
    }

    [Theory]
    [InlineData("seed_epoch", "reset", true)]
    [InlineData("seed_epoch", "continue", false)]
    [InlineData("training_step", "continue", true)]
    public async Task WhetherASampleStartsFromTheFirstWeights(string pass, string state, bool same)
    {
        await using var worker = await TorchSharpWorker.StartAndGreetAsync();
        var outputs = new List<string>();
        foreach (var blocks in new[] { 0, 3 })
        {
            var parameters = Requests.Small(state: state);
            await worker.AskAsync<Reply.Prepared>(Requests.Prepare(["ffn.dense"], pass, parameters: parameters));
            var untrained = (await worker.AskAsync<Reply.Outputs>(new Request.Output("c1"))).Base64.Single();
            await worker.MeasureAsync(Requests.MeasureExactly(blocks));
            outputs.Add((await worker.AskAsync<Reply.Outputs>(new Request.Output("c1"))).Base64.Single());
            outputs[^1].ShouldNotBe(untrained);
            await worker.AskAsync<Reply.Released>(new Request.Release("c1"));
        }

        (outputs[0] == outputs[1]).ShouldBe(same);
    }
}
